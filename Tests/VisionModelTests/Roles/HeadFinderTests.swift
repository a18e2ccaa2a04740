import Testing
import VisionGraph
import VisionTensor

@testable import VisionModel

@Suite struct HeadFinderTests {
  /// A network on 1×3×4×4 images: a 3×3 convolution to 6 channels and Relu, and what `build` makes of them.
  private func network(
    batch: AxisLength = .symbolic("N"),
    _ build: (GraphBuilder, Value, (String, Shape) throws -> Value) throws -> [Value]
  ) throws -> Model {
    let builder = GraphBuilder()
    var parameters = Parameters()
    func weights(_ name: String, _ shape: Shape) throws -> Value {
      let stream = UInt64(parameters.count)
      parameters[name] = Tensor(
        Philox(seed: 1).uniform(count: shape.elementCount, stream: stream).map { $0 - 0.5 }, shape: shape)
      return try builder.parameter(name, shape: shape, initializer: .zeros)
    }
    let x = try builder.input("x", dimensions: [batch, .fixed(3), .fixed(4), .fixed(4)])
    let conv = try builder.add(
      Conv(window: Window(kernel: [3, 3], padding: .explicit([1, 1, 1, 1]))), x, weights("w", [6, 3, 3, 3]),
      name: "stem")
    let map = try builder.add(Relu(), conv, name: "map")
    let outputs = try build(builder, map, weights)
    for (index, output) in outputs.enumerated() { try builder.output("y\(index)", output) }
    return Model(graph: builder.graph, parameters: parameters)
  }

  private func pooled(_ builder: GraphBuilder, _ map: Value) throws -> Value {
    try builder.add(Flatten(), builder.add(GlobalAveragePool(), map, name: "pool"), name: "flat")
  }

  private func found(_ model: Model) throws -> (node: String, embedding: String, features: Int, classes: Int)
  {
    let head = try HeadFinder(model.graph).head()
    return (head.node, model.graph[head.embedding].name, head.features, head.classes)
  }

  @Test func behindAMatrixProductWithBiasAndSoftmax() throws {
    let model = try network { builder, map, weights in
      let flat = try pooled(builder, map)
      let dropped = try builder.add(DropoutOperator(), flat, name: "dropout")
      var y = try builder.add(MatMul(), dropped, weights("fc.weight", [6, 5]), name: "fc")
      y = try builder.add(Add(), y, weights("bias", [5]))
      y = try builder.add(Cast(to: .float16), y)
      return [try builder.add(Softmax(axis: -1), builder.add(Cast(to: .float32), y))]
    }
    #expect(try found(model) == ("fc", "flat", 6, 5))
  }

  @Test func behindSoftmaxInItsParts() throws {
    let model = try network { builder, map, weights in
      let y = try builder.add(Gemm(), pooled(builder, map), weights("fc.weight", [6, 5]), name: "fc")
      let axes = builder.constant(Tensor([Int64(1)]))
      let shifted = try builder.add(Sub(), y, builder.add(ReduceMax(axes: [1]), y))
      let e = try builder.add(Exp(), shifted)
      let sum = try builder.add(ReduceSum(), e, axes)
      return [try builder.add(Div(), e, sum), try builder.add(ArgMax(axis: 1), y)]
    }
    #expect(try found(model) == ("fc", "flat", 6, 5))
  }

  @Test func behindBytes() throws {
    let model = try network { builder, map, weights in
      func bytes(_ value: Value) throws -> Value {
        let (scale, zero) = (
          builder.constant(Tensor([Float(0.1)])), builder.constant(Tensor(scalar: Int8(3)))
        )
        return try builder.add(
          DequantizeLinear(), builder.add(QuantizeLinear(), value, scale, zero), scale, zero)
      }
      let flat = try bytes(pooled(builder, map))
      let w = try builder.add(
        DequantizeLinear(), builder.constant(Tensor(repeating: Int8(5), shape: [6, 2])),
        builder.constant(Tensor(scalar: Float(0.01))))
      let y = try builder.add(Gemm(), flat, w, name: "fc")
      return [try bytes(builder.add(Sigmoid(), bytes(y)))]
    }
    let head = try HeadFinder(model.graph).head()
    #expect(head.node == "fc")
    #expect(model.graph.producer(of: head.embedding)?.operation is DequantizeLinear)
  }

  @Test func aConvolutionOverPlacesIsDescribedByTheirMean() throws {
    let model = try network { builder, map, weights in
      let y = try builder.add(
        Conv(window: Window(kernel: [1, 1])), map, weights("fc.weight", [5, 6, 1, 1]), weights("b", [5]),
        name: "fc")
      return [try builder.add(Softmax(axis: 1), pooled(builder, builder.add(Relu(), y)))]
    }
    #expect(try found(model) == ("fc", "map", 6, 5))
    let (described, notes) = try model.describing()
    #expect(notes.count == 2)
    let name = try #require(described.embedding)
    let value = try #require(described.graph.value(named: name))
    #expect(described.graph.fact(value).shape == [1, 6])
    // The mean of the map, as the map itself says.
    let builder = GraphBuilder(extending: described.graph)
    try builder.output("e", builder.value(value))
    try builder.output("map", builder.value(try #require(described.graph.value(named: "map"))))
    let results = try Interpreter(builder.graph, parameters: model.parameters).run([
      "x": Tensor(Philox(seed: 2).normal(count: 48), shape: [1, 3, 4, 4])
    ])
    let map = try #require(results["map"]).floats
    let means = (0..<6).map { map[($0 * 16)..<($0 * 16 + 16)].reduce(0, +) / 16 }
    for (mean, value) in zip(means, try #require(results["e"]).floats) { #expect(abs(mean - value) < 1e-6) }
  }

  @Test func aConvolutionOfOnePlaceIsFlattened() throws {
    let model = try network { builder, map, weights in
      let pool = try builder.add(GlobalAveragePool(), map, name: "pool")
      let y = try builder.add(
        Conv(window: Window(kernel: [1, 1])), pool, weights("fc.weight", [5, 6, 1, 1]), name: "fc")
      return [try builder.add(Flatten(), y)]
    }
    #expect(try found(model) == ("fc", "pool", 6, 5))
    let described = try model.describing().model
    let name = try #require(described.embedding)
    #expect(described.graph.value(named: name).map { described.graph.fact($0).shape } == [1, 6])
    #expect(described.graph.outputs.map(\.name) == ["y0"])
  }

  @Test func severalLastLayersAreNone() throws {
    let model = try network { builder, map, weights in
      let flat = try pooled(builder, map)
      return [
        try builder.add(MatMul(), flat, weights("a", [6, 5]), name: "first"),
        try builder.add(MatMul(), flat, weights("b", [6, 2]), name: "second"),
      ]
    }
    let error = formatError { _ = try HeadFinder(model.graph).head() }
    #expect(error?.message.contains("'first', 'second'") == true)
    // A name that says which is the answer decides.
    let builder = GraphBuilder(extending: model.graph)
    try builder.output("other", builder.value(model.graph.outputs[0].value))
    try builder.output("logits", builder.value(model.graph.outputs[1].value))
    #expect(try HeadFinder(builder.graph).head().node == "second")
  }

  @Test func anAnswerWithoutALastLayerIsRefusedByWhatComesBeforeIt() throws {
    let pooled = try network { builder, map, _ in [try self.pooled(builder, map)] }
    #expect(formatError { _ = try HeadFinder(pooled.graph).head() }?.message.contains("Conv 'stem'") == true)
    let named = try pooled.describing(by: "flat").model
    #expect(named.embedding == "flat")
    #expect(formatError { _ = try pooled.describing(by: "nothing") }?.message.contains("'nothing'") == true)
    #expect(try pooled.describing(by: "map").notes.contains { $0.contains("mean") })
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(1), .fixed(4)])
    try builder.output("y", builder.add(Softmax(axis: -1), x))
    #expect(formatError { _ = try HeadFinder(builder.graph).head() }?.message.contains("no layer") == true)
  }

  @Test func namesOfValuesAreThoseOfTheFile() throws {
    var file = OnnxBytes()
    file.inputs = [("x", [.named("N"), .fixed(2), .fixed(1), .fixed(1)])]
    file.node("Flatten", ["x"], ["/Flatten_output_0"], name: "/Flatten")
    file.node("Relu", ["/Flatten_output_0"], ["y"], name: "/Relu")
    let model = try Model(bytes: file.bytes)
    #expect(try model.describing(by: "/Flatten_output_0").model.embedding == "/Flatten")
    #expect(try model.describing(by: "/Flatten").model.embedding == "/Flatten")
    #expect(try model.describing(by: "y").model.embedding == "/Relu")
  }

  @Test func aBatchOfOneIsOpenedWhereNothingCountsOnIt() throws {
    func isOpen(_ model: Model) throws -> Bool {
      let described = try model.describing(by: "flat").model
      guard case .input(let dimensions) = described.graph[described.graph.inputs[0]].source else {
        return false
      }
      return dimensions[0] == .symbolic("N")
    }
    let plain = try network(batch: .fixed(1)) { builder, map, weights in
      [try builder.add(MatMul(), pooled(builder, map), weights("fc.weight", [6, 5]))]
    }
    #expect(try isOpen(plain))
    // One row for all images.
    let counted = try network(batch: .fixed(1)) { builder, map, weights in
      let target = builder.constant(Tensor([1, -1] as [Int64]))
      let flat = try builder.add(Reshape(), builder.add(GlobalAveragePool(), map), target, name: "flat")
      return [try builder.add(MatMul(), flat, weights("fc.weight", [6, 5]))]
    }
    #expect(try !isOpen(counted))
  }
}
