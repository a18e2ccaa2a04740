import Testing
import VisionGraph
import VisionSystem
import VisionTensor
import VisionTestSupport

/// Networks of QLinear operators, ONNX Runtime's QOperator form, become the same operators on bytes as those in QDQ form.
@Suite struct QLinearFormTests {
  private static func node(
    _ type: any Operator.Type, _ inputs: [Value?], _ attributes: [String: AttributeValue] = [:],
    in graph: GraphBuilder, name: String
  ) throws -> Value {
    let node = ImportedNode(
      name: name, operatorName: type.name, opset: 17, inputs: inputs, outputCount: 1, attributes: attributes)
    return try type.build(node, in: graph)[0]
  }

  private static func random(_ shape: Shape, seed: UInt64) -> [Float] {
    Philox(seed: seed).uniform(count: shape.elementCount).map { $0 * 254 - 127 }
  }

  /// x → bytes → QLinearConv → MaxPool → QLinearConv + sum → QLinearGlobalAveragePool → Flatten → QGemm → floats.
  ///
  /// - Parameters:
  ///   - signed: whether activations are int8.
  ///   - shift: what is added to the weights, which are uint8 then, and is their zero point.
  private func network(signed: Bool, shift: Int?) throws -> Graph {
    let builder = GraphBuilder()
    func scale(_ value: Float) -> Value { builder.constant(Tensor(scalar: value)) }
    func zero(_ value: Int) -> Value {
      builder.constant(
        signed ? Tensor(scalar: Int8(value - 128)) : Tensor(scalar: UInt8(value)))
    }
    func weights(_ shape: Shape, seed: UInt64) -> [Value] {
      let values = Self.random(shape, seed: seed).map { Int(saturating: $0) }
      let steps = builder.constant(Tensor((0..<shape[0]).map { Float($0 % 3 + 1) / 300 }))
      if let shift {
        let bytes = Tensor(values.map { UInt8($0 + shift) }, shape: shape)
        let zeros = Tensor(repeating: UInt8(shift), shape: [shape[0]])
        return [builder.constant(bytes), steps, builder.constant(zeros)]
      }
      let zeros = Tensor(repeating: Int8(0), shape: [shape[0]])
      return [
        builder.constant(Tensor(values.map { Int8($0) }, shape: shape)), steps, builder.constant(zeros),
      ]
    }
    let x = try builder.input("x", dimensions: [.fixed(1), .fixed(3), .fixed(8), .fixed(8)])
    let bytes = try builder.add(QuantizeLinear(), x, scale(0.02), zero(120))
    let pads: [String: AttributeValue] = ["pads": .ints([1, 1, 1, 1])]
    let bias = builder.constant(Tensor([40, -300, 7, 0] as [Int32]))
    let first = try Self.node(
      QLinearConv.self,
      [bytes, scale(0.02), zero(120)] + weights([4, 3, 3, 3], seed: 1) + [scale(0.04), zero(100), bias], pads,
      in: builder, name: "first")
    let pooled = try builder.add(MaxPool(window: Window(kernel: [2, 2], strides: [2, 2])), first)
    let second = try Self.node(
      QLinearConv.self,
      [pooled, scale(0.04), zero(100)] + weights([4, 4, 3, 3], seed: 2) + [scale(0.1), zero(128)], pads,
      in: builder, name: "second")
    let sum = try Self.node(
      QLinearAdd.self,
      [second, scale(0.1), zero(128), pooled, scale(0.04), zero(100), scale(0.12), zero(110)],
      in: builder, name: "sum")
    let mean = try Self.node(
      QLinearGlobalAveragePool.self, [sum, scale(0.12), zero(110), scale(0.03), zero(90)], in: builder,
      name: "mean")
    let flat = try builder.add(Flatten(), mean)
    let dense = try Self.node(
      QGemm.self,
      [flat, scale(0.03), zero(90)] + weights([5, 4], seed: 3)
        + [builder.constant(Tensor([3, 5, -900, 20, 1] as [Int32]))], ["transB": .int(1)], in: builder,
      name: "dense")
    try builder.output("y", dense)
    return builder.graph
  }

  @Test(arguments: [(false, nil), (true, nil), (false, 128), (true, 128), (false, 127)] as [(Bool, Int?)])
  func runsOnBytes(signed: Bool, shift: Int?) throws {
    let graph = try network(signed: signed, shift: shift)
    let fused = try graph.applying(Graph.inferencePasses)
    let names = fused.nodes.map { type(of: $0.operation).name }
    #expect(
      names == [
        "QuantizeLinear", "QuantizedConv", "MaxPool", "QuantizedConv", "QuantizedGlobalAveragePool",
        "Flatten",
        "QuantizedDense",
      ], "\(names)")
    let input = ["x": Tensor(Self.random([1, 3, 8, 8], seed: 4).map { $0 / 60 }, shape: [1, 3, 8, 8])]
    let plain = try #require(Interpreter(graph, parameters: Parameters()).run(input)["y"])
    let same = try #require(
      Interpreter(network(signed: false, shift: nil), parameters: Parameters()).run(input)["y"])
    #expect(plain == same)
    let result = try #require(Interpreter(fused, parameters: Parameters()).run(input)["y"])
    // A byte may differ by one, which the last weights spread.
    expectClose(result, plain, tolerance: 0.02)
    #expect(Set(plain.floats).count > 1)
  }

  /// Differences of weights to their zero point that are no int8 stay with floats, with the same numbers.
  @Test func weightsOutOfRangeStayFloats() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", type: .uint8, dimensions: [.fixed(1), .fixed(1), .fixed(2), .fixed(2)])
    func scale(_ value: Float) -> Value { builder.constant(Tensor(scalar: value)) }
    func zero(_ value: UInt8) -> Value { builder.constant(Tensor(scalar: value)) }
    let weights = builder.constant(Tensor([255, 0] as [UInt8], shape: [2, 1, 1, 1]))
    let y = try Self.node(
      QLinearConv.self, [x, scale(1), zero(0), weights, scale(1), zero(100), scale(100), zero(128)],
      in: builder, name: "conv")
    try builder.output("y", y)
    let fused = try builder.graph.applying(Graph.inferencePasses)
    #expect(!fused.nodes.contains { $0.operation is QuantizedConv })
    let input = ["x": Tensor([0, 10, 50, 60] as [UInt8], shape: [1, 1, 2, 2])]
    let result = try Interpreter(fused, parameters: Parameters()).run(input)["y"]
    // 1.55 and −1 for each step of x.
    #expect(
      result == Tensor([128, 144, 206, 221, 128, 118, 78, 68] as [UInt8], shape: [1, 2, 2, 2]))
  }

  /// Scales that are no constants leave the operator as it is, which computes the same.
  @Test func scalesThatAreGivenLaterStay() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", type: .uint8, dimensions: [.fixed(2)])
    let scale = try builder.input("scale", dimensions: [])
    let zero = builder.constant(Tensor(scalar: UInt8(10)))
    let y = try Self.node(
      QLinearAdd.self, [x, scale, zero, x, scale, zero, scale, zero], in: builder, name: "sum")
    try builder.output("y", y)
    #expect(builder.graph.nodes.map { type(of: $0.operation).name } == ["QLinearAdd"])
    let input = ["x": Tensor([12, 7] as [UInt8]), "scale": Tensor(scalar: Float(0.5))]
    #expect(
      try Interpreter(builder.graph, parameters: Parameters()).run(input)["y"] == Tensor([14, 4] as [UInt8]))
  }
}
