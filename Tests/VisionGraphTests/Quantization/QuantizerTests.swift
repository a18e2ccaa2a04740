import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct QuantizerTests {
  /// Convolutions with BatchNormalization, clamps, a residual, concatenation, pooling and a matrix product.
  private static func network() throws -> (graph: Graph, parameters: Parameters) {
    let builder = GraphBuilder()
    var parameters = Parameters()
    func parameter(_ name: String, _ shape: Shape, positive: Bool = false) throws -> Value {
      let values = Philox(seed: 5).uniform(count: shape.elementCount, stream: UInt64(parameters.count))
      parameters[name] = Tensor(values.map { positive ? $0 + 0.5 : $0 - 0.5 }, shape: shape)
      return try builder.parameter(name, shape: shape, initializer: .zeros)
    }
    func conv(_ x: Value, _ name: String, _ outputs: Int, groups: Int = 1, normalized: Bool = true) throws
      -> Value
    {
      let window = Window(kernel: [3, 3], padding: .explicit([1, 1, 1, 1]))
      var y = try builder.add(
        Conv(window: window, groups: groups), x,
        parameter("\(name).w", [outputs, x.shape[1] / groups, 3, 3]),
        parameter("\(name).b", [outputs]), name: name)
      guard normalized else { return y }
      y = try builder.add(
        BatchNormalization(epsilon: 1e-3), y, parameter("\(name).scale", [outputs]),
        parameter("\(name).shift", [outputs]),
        parameter("\(name).mean", [outputs]), parameter("\(name).variance", [outputs], positive: true),
        name: "\(name).bn")
      return y
    }
    let x = try builder.image("x", channels: 3, height: 12, width: 10)
    var y = try builder.add(Relu(), conv(x, "stem", 8), name: "stem.relu")
    let residual = y
    let six = builder.constant(Tensor(scalar: Float(6)))
    y = try builder.add(
      Clip(), conv(y, "depthwise", 8, groups: 8), builder.constant(Tensor(scalar: Float(0))), six)
    y = try builder.add(Add(), residual, conv(y, "project", 8), name: "sum")
    y = try builder.add(Relu(), y, name: "sum.relu")
    let left = try conv(y, "left", 5, normalized: false)
    let right = try builder.add(Relu(), conv(y, "right", 6), name: "right.relu")
    y = try builder.add(Concat(axis: 1), left, right, name: "both")
    y = try builder.add(MaxPool(window: Window(kernel: [2, 2], strides: [2, 2])), y, name: "pool")
    y = try builder.add(Relu(), conv(y, "last", 16), name: "last.relu")
    y = try builder.add(GlobalAveragePool(), y, name: "mean")
    y = try builder.add(Flatten(), y, name: "flat")
    y = try builder.add(
      Gemm(transposesB: true), y, parameter("head.w", [4, 16]), parameter("head.b", [4]), name: "head")
    try builder.output("logits", y)
    return (builder.graph, parameters)
  }

  private static func input(_ batch: Int = 1) -> Tensor {
    Tensor(Philox(seed: 9).normal(count: batch * 360), shape: [batch, 3, 12, 10])
  }

  /// The quantized network with ranges as they are for one input.
  private static func quantized() throws -> (
    floats: (Graph, Parameters), bytes: (graph: Graph, parameters: Parameters)
  ) {
    let (graph, parameters) = try network()
    let quantizer = try Quantizer(graph, parameters: parameters)
    let seen = try Interpreter(quantizer.observation(), parameters: quantizer.parameters).run(["x": input()])
    let ranges = (0..<quantizer.rangeCount).map { index -> ClosedRange<Float> in
      let values = seen["\(index)"]?.floats ?? []
      return (values.min() ?? 0)...(values.max() ?? 0)
    }
    return ((graph, parameters), try quantizer.quantized(ranges))
  }

  @Test func bytesAreNearTheFloats() throws {
    let (floats, bytes) = try Self.quantized()
    let expected = try #require(
      try Interpreter(floats.0, parameters: floats.1).run(["x": Self.input()])["logits"])
    let result = try #require(
      try Interpreter(bytes.graph, parameters: bytes.parameters).run(["x": Self.input()])["logits"])
    #expect(relativeDifference(result, expected) < 0.03)
    #expect(relativeDifference(result, expected) > 0)
  }

  @Test func everyOperatorComputesOnBytes() throws {
    let (_, bytes) = try Self.quantized()
    let fused = try bytes.graph.applying(Graph.inferencePasses)
    #expect(
      fused.nodes.map { type(of: $0.operation).name } == [
        "QuantizeLinear", "QuantizedConv", "QuantizedConv", "QuantizedConv", "QuantizedConv", "QuantizedConv",
        "Concat",
        "MaxPool", "QuantizedConv", "QuantizedGlobalAveragePool", "Flatten", "QuantizedDense",
      ])
    #expect(
      fused.nodes.compactMap { $0.operation as? QuantizedConv }.map(\.hasResidual).filter { $0 }.count == 1)
    #expect((fused.nodes.last?.operation as? QuantizedDense)?.givesFloats == true)
  }

  /// The law: from equal bytes, an operator on bytes gives what the floats between DequantizeLinear and QuantizeLinear
  /// give, or the next byte where those are rounded elsewhere.
  @Test func everyByteIsThatOfTheUnfusedGraphOrTheNext() throws {
    let (_, bytes) = try Self.quantized()
    let fused = try bytes.graph.applying([QuantizedFusion()])
    var plain: [String: Tensor] = [:]
    _ = try Interpreter(bytes.graph, parameters: bytes.parameters).run(["x": Self.input()]) { node, results in
      if node.operation is QuantizeLinear { plain[node.name] = results[0] }
    }
    // Each fused node alone, on the bytes that the unfused graph has.
    var (checked, differing, count) = (0, 0, 0)
    var values: [ValueID: Tensor] = [:]
    for node in fused.nodes {
      let inputs = node.inputs.map { id in id.flatMap { values[$0] ?? fused.fact($0).value } }
      if node.operation is QuantizeLinear {
        values[node.outputs[0]] = plain[node.name]
        continue
      }
      let result = try node.operation.evaluate(inputs)[0]
      // The name of the bytes tells which QuantizeLinear the node stands for.
      let clamped = ["stem": "stem.relu", "right": "right.relu", "last": "last.relu", "depthwise": "clip"]
      let own = node.name == "project" ? "sum.relu" : clamped[node.name] ?? node.name
      guard let expected = plain["\(own).quantized"] else {
        #expect(result.elementType == .float32, "\(node.name) stands for no QuantizeLinear")
        values[node.outputs[0]] = result
        continue
      }
      let pairs = zip(result.integers, expected.integers)
      #expect(pairs.allSatisfy { abs($0 - $1) <= 1 }, "\(node.name)")
      differing += pairs.count { $0 != $1 }
      count += result.elementCount
      checked += 1
      values[node.outputs[0]] = expected
    }
    #expect(checked == 10)
    #expect(Double(differing) <= 0.001 * Double(count))
  }

  @Test func theBatchStaysOpen() throws {
    let (_, bytes) = try Self.quantized()
    let one = try Interpreter(bytes.graph, parameters: bytes.parameters).run(["x": Self.input()])["logits"]
    let many = try Interpreter(bytes.graph.bound(batch: 3), parameters: bytes.parameters).run([
      "x": Self.input(3)
    ])
    #expect(many["logits"]?.shape == [3, 4])
    #expect(many["logits"].map { Array($0.floats.prefix(4)) } == one?.floats)
  }

  @Test func whatIsConcatenatedHasOneScale() throws {
    let (_, bytes) = try Self.quantized()
    func scale(_ name: String) -> Tensor? {
      bytes.graph.nodes.first { $0.name == "\(name).quantized" }?.inputs[1].flatMap {
        bytes.graph.fact($0).value
      }
    }
    let both = try #require(scale("both"))
    #expect(scale("left") == both)
    #expect(scale("right.relu") == both)
    #expect(scale("pool") == both)
    #expect(scale("sum.relu") != both)
  }

  @Test func deadChannelsKeepTheirBias() throws {
    let builder = GraphBuilder()
    let x = try builder.image("x", channels: 1, height: 1, width: 1)
    let w = try builder.parameter("w", shape: [3, 1, 1, 1], initializer: .zeros)
    let b = try builder.parameter("b", shape: [3], initializer: .zeros)
    try builder.output("y", builder.add(Conv(window: Window(kernel: [1, 1])), x, w, b, name: "conv"))
    var parameters = Parameters()
    parameters["w"] = Tensor([0, 1e-20, 0] as [Float], shape: [3, 1, 1, 1])
    parameters["b"] = Tensor([3, -5, 0] as [Float])
    let (graph, kept) = try Quantizer(builder.graph, parameters: parameters).quantized([-1...1])
    for graph in [graph, try graph.applying([QuantizedFusion()])] {
      let y = try Interpreter(graph, parameters: kept).run([
        "x": Tensor([0.5] as [Float], shape: [1, 1, 1, 1])
      ])["y"]
      expectClose(try #require(y), Tensor([3, -5, 0] as [Float], shape: [1, 3, 1, 1]), tolerance: 1e-6)
    }
  }

  @Test func refusesWhatIsQuantizedOrHasNothingToQuantize() throws {
    let (_, bytes) = try Self.quantized()
    #expect(
      graphErrorKind { try Quantizer(bytes.graph, parameters: bytes.parameters) } == .unsupportedFeature)
    let builder = GraphBuilder()
    try builder.output("y", builder.add(Relu(), builder.image("x", channels: 1, height: 2, width: 2)))
    #expect(graphErrorKind { try Quantizer(builder.graph, parameters: Parameters()) } == .unsupportedFeature)
  }

  @Test func zeroHasAByte() {
    #expect(AffineQuantization(0...255) == AffineQuantization(scale: 1, zeroPoint: 0))
    #expect(AffineQuantization(-1...1).zeroPoint == 128)
    #expect(AffineQuantization(3...6).byte(0) == 0)
    #expect(AffineQuantization((-6)...(-3)).byte(0) == 255)
    #expect(AffineQuantization(0...0) == AffineQuantization(scale: 1, zeroPoint: 0))
    #expect([0.5, 1.5, 2.5, -1, 300].map { AffineQuantization(0...255).byte($0) } == [0, 2, 2, 0, 255])
  }
}
