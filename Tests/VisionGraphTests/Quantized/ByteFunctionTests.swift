import Testing
import VisionGraph
import VisionSystem
import VisionTensor
import VisionTestSupport

/// Functions of one byte as tables, and products of bytes: the operators, and what becomes of QDQ graphs.
@Suite struct ByteFunctionTests {
  private func bytes(_ shape: Shape, seed: UInt64) -> Tensor {
    Tensor(
      Philox(seed: seed).uniform(count: shape.elementCount).map { UInt8(saturating: $0 * 255.99) },
      shape: shape)
  }

  private func scale(_ scale: Float, _ zero: UInt8) -> [Tensor?] {
    [Tensor(scalar: scale), Tensor(scalar: zero)]
  }

  @Test(arguments: [[67], [2, 5, 7, 3], [1, 64, 1, 1], [3, 40, 31, 23]] as [Shape])
  func tablesAgreeWithTheReference(_ shape: Shape) throws {
    let table = Tensor((0..<256).map { UInt8(($0 * 91 + 17) % 256) })
    try expectKernel(QuantizedTable(), [bytes(shape, seed: 1), table], constants: [1])
    try checkOperator(QuantizedTable(), [bytes(shape, seed: 1), table], constants: [1], roundTrips: false)
  }

  /// (10 − 8) · 0.5 · (4 − 5) · 2 = −2 → −1; (30 − 8) · 0.5 · (9 − 5) · 2 = 88 → 44; beyond the largest byte.
  @Test func multipliesAndRounds() throws {
    try checkOperator(
      QuantizedMul(),
      [Tensor([10, 30, 255] as [UInt8])] + scale(0.5, 8) + [Tensor([4, 9, 255] as [UInt8])] + scale(2, 5)
        + scale(2, 3), constants: [1, 2, 4, 5, 6, 7], expected: [Tensor([2, 47, 255] as [UInt8])],
      roundTrips: false)
  }

  @Test(
    arguments: [
      ([67], [67]), ([2, 5, 7, 3], [2, 5, 7, 3]), ([2, 5, 7, 3], [2, 5, 1, 1]),
      ([1, 130, 3, 2], [1, 130, 1, 1]),
      ([3, 1, 1, 1], [3, 1, 1, 1]), ([1, 40, 31, 37], [1, 40, 31, 37]),
    ] as [(Shape, Shape)])
  func productsAgreeWithTheReference(_ a: Shape, _ b: Shape) throws {
    try checkOperator(
      QuantizedMul(),
      [bytes(a, seed: 1)] + scale(0.031, 120) + [bytes(b, seed: 2)] + scale(0.0039, 0) + scale(0.02, 101),
      constants: [1, 2, 4, 5, 6, 7], roundTrips: false)
  }

  /// A graph in QDQ form, whose values are quantized with scales of their own.
  private struct Network {
    let builder = GraphBuilder()

    func number(_ scale: Float, _ zero: UInt8) -> (Value, Value) {
      (builder.constant(Tensor(scalar: scale)), builder.constant(Tensor(scalar: zero)))
    }

    func input(_ name: String, _ shape: Shape, _ scale: Float, _ zero: UInt8) throws -> Value {
      let x = try builder.input(name, type: .uint8, dimensions: shape.map { .fixed($0) })
      let (step, offset) = number(scale, zero)
      return try builder.add(DequantizeLinear(), x, step, offset)
    }

    func bytes(_ x: Value, _ scale: Float, _ zero: UInt8) throws -> Value {
      let (step, offset) = number(scale, zero)
      return try builder.add(QuantizeLinear(), x, step, offset)
    }

    func quantized(_ x: Value, _ scale: Float, _ zero: UInt8) throws -> Value {
      let (step, offset) = number(scale, zero)
      return try builder.add(DequantizeLinear(), bytes(x, scale, zero), step, offset)
    }

    /// Runs the graph as it is and after the pass; the bytes are equal. Returns the operators behind the pass.
    func operators(_ output: Value, _ inputs: [String: Tensor]) throws -> [String] {
      try builder.output("y", output)
      let fused = try QuantizedFusion().run(builder.graph)
      let before = try Interpreter(builder.graph, parameters: Parameters()).run(inputs)
      let after = try Interpreter(fused, parameters: Parameters()).run(inputs)
      #expect(before["y"] == after["y"])
      return fused.nodes.map { type(of: $0.operation).name }
    }
  }

  private static let every = Tensor((0..<256).map { UInt8($0) }, shape: [1, 4, 8, 8])

  @Test func functionsOfOneElementBecomeTables() throws {
    for activation in [Sigmoid(), HardSwish(), HardSigmoid(), Tanh(), LeakyRelu(alpha: 0.1), Relu()]
      as [any Operator]
    {
      let network = Network()
      let x = try network.input("x", [1, 4, 8, 8], 0.05, 113)
      let y = try network.builder.add(activation, [x], name: "activation")[0]
      let operators = try network.operators(try network.bytes(y, 0.031, 7), ["x": Self.every])
      #expect(operators == [QuantizedTable.name])
    }
  }

  @Test func productsOfFunctionsOfOneByteBecomeOneTable() throws {
    for isQuantizedBetween in [false, true] {
      let network = Network()
      let x = try network.input("x", [1, 4, 8, 8], 0.05, 113)
      var gate = try network.builder.add(Sigmoid(), x)
      if isQuantizedBetween { gate = try network.quantized(gate, 0.0039, 0) }
      let y = try network.builder.add(Mul(), x, gate)
      let operators = try network.operators(try network.bytes(y, 0.031, 7), ["x": Self.every])
      #expect(operators == [QuantizedTable.name])
    }
  }

  @Test func factorsOfChannelsAreMultipliedAsBytes() throws {
    for isFirst in [false, true] {
      let network = Network()
      let x = try network.input("x", [2, 5, 3, 4], 0.05, 113)
      let s = try network.input("s", [2, 5, 1, 1], 0.0039, 0)
      let y = try isFirst ? network.builder.add(Mul(), s, x) : network.builder.add(Mul(), x, s)
      let operators = try network.operators(
        try network.bytes(y, 0.02, 99),
        ["x": bytes([2, 5, 3, 4], seed: 1), "s": bytes([2, 5, 1, 1], seed: 2)])
      #expect(operators == [QuantizedMul.name])
    }
  }

  @Test func whatIsMovedIsConvertedFirst() throws {
    let network = Network()
    let a = try network.input("a", [1, 3, 2, 2], 0.05, 113)
    let b = try network.input("b", [1, 2, 2, 2], 0.031, 7)
    let y = try network.builder.add(Concat(axis: 1), a, b)
    let operators = try network.operators(
      try network.bytes(y, 0.05, 113),
      ["a": bytes([1, 3, 2, 2], seed: 1), "b": bytes([1, 2, 2, 2], seed: 2)])
    #expect(operators == [QuantizedTable.name, Concat.name])
  }
}
