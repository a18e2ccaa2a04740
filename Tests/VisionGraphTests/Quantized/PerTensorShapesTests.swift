import Testing
import VisionGraph
import VisionSystem
import VisionTensor
import VisionTestSupport

/// One scale for a tensor may be a scalar or a list of one, whatever its zero point is.
@Suite struct PerTensorShapesTests {
  /// The shapes of a scale and of a zero point, as programs write them; nil for none.
  struct Form: Sendable, CustomStringConvertible {
    let scale: Shape
    let zero: Shape?
    var description: String { "\(scale), \(zero.map { "\($0)" } ?? "none")" }
  }

  static let forms = [
    Form(scale: [], zero: []), Form(scale: [1], zero: []), Form(scale: [], zero: [1]),
    Form(scale: [1], zero: [1]),
    Form(scale: [], zero: nil), Form(scale: [1], zero: nil),
  ]

  @Test(arguments: forms) func bothOperatorsTakeEveryForm(_ form: Form) throws {
    let scale = Tensor([0.5] as [Float], shape: form.scale)
    let zero = form.zero.map { Tensor([3] as [UInt8], shape: $0) }
    let shift = zero == nil ? 0 : 3
    let x: [Float] = [-2, 0, 0.75, 4, 1000]
    try checkOperator(
      QuantizeLinear(), [Tensor(x), scale] + (zero.map { [$0] } ?? []), constants: [1, 2],
      expected: [Tensor([max(0, shift - 4), shift, shift + 2, shift + 8, 255].map { UInt8($0) })])
    try checkOperator(
      DequantizeLinear(),
      [Tensor([0, 3, 255] as [UInt8], shape: [3, 1]), scale] + (zero.map { [$0] } ?? []), constants: [1, 2],
      expected: [Tensor([0, 3, 255].map { Float($0 - shift) / 2 }, shape: [3, 1])])
  }

  @Test func listsThatAreNotOneAreNoneForTheTensor() {
    let (x, one) = (Fact(.float32, [2, 3]), Fact(.float32, [1]))
    #expect(throws: ShapeError.self) { try QuantizeLinear().outputs([x, one, Fact(.uint8, [3])]) }
    #expect(throws: ShapeError.self) { try QuantizeLinear().outputs([x, one, Fact(.uint8, [1, 1])]) }
    #expect(throws: ShapeError.self) { try QuantizeLinear().outputs([x, one, Fact(.uint8, [0])]) }
    #expect(throws: ShapeError.self) {
      try DequantizeLinear().outputs([Fact(.int8, [2, 3]), Fact(.float32, [3]), Fact(.int8, [1])])
    }
    #expect(throws: ShapeError.self) {
      try DequantizeLinear().outputs([Fact(.int8, [2, 3]), Fact(.float32, [1, 1]), Fact(.int8, [])])
    }
  }

  /// x → bytes → Conv with weights and bias in bytes → Relu → bytes → Flatten → bytes → Gemm, as `quantize_static` writes it.
  private func network(_ form: Form, signed: Bool) throws -> Graph {
    let builder = GraphBuilder()
    func scale(_ value: Float) -> Value { builder.constant(Tensor([value], shape: form.scale)) }
    func zero<Element: TensorElement>(_ value: Element) -> Value? {
      form.zero.map { builder.constant(Tensor([value], shape: $0)) }
    }
    /// Through bytes whose uint8 zero point is `point`.
    func bytes(_ value: Value, _ step: Float, _ point: UInt8) throws -> Value {
      let zeros = signed ? zero(Int8(truncatingIfNeeded: Int(point) - 128)) : zero(point)
      let q = try builder.add(QuantizeLinear(), [value, scale(step), zeros])[0]
      return try builder.add(DequantizeLinear(), [q, scale(step), zeros])[0]
    }
    func weights(_ shape: Shape, _ step: Float, seed: UInt64) throws -> Value {
      let values = Philox(seed: seed).uniform(count: shape.elementCount).map {
        Int8(saturating: $0 * 254 - 127)
      }
      return try builder.add(
        DequantizeLinear(), [builder.constant(Tensor(values, shape: shape)), scale(step), zero(Int8(0))])[0]
    }
    func bias(_ values: [Int32], _ step: Float) throws -> Value {
      try builder.add(DequantizeLinear(), [builder.constant(Tensor(values)), scale(step), zero(Int32(0))])[0]
    }
    let x = try builder.input("x", dimensions: [.fixed(1), .fixed(3), .fixed(4), .fixed(4)])
    var y = try bytes(x, 0.02, 120)
    y = try builder.add(
      Conv(window: Window(kernel: [3, 3], padding: .explicit([1, 1, 1, 1]))), y,
      weights([5, 3, 3, 3], 0.01, seed: 1), bias([40, -300, 7, 0, 90], 0.02 * 0.01))
    y = try bytes(builder.add(Relu(), y), 0.03, 0)
    y = try bytes(builder.add(Flatten(), y), 0.03, 0)
    y = try builder.add(
      Gemm(transposesB: true), y, weights([4, 80], 0.004, seed: 2), bias([3, 5, -900, 20], 0.03 * 0.004))
    try builder.output("y", bytes(y, 0.05, 90))
    return builder.graph
  }

  private let input = ["x": Tensor(Philox(seed: 3).normal(count: 48), shape: [1, 3, 4, 4])]

  private func run(_ graph: Graph) throws -> [Float] {
    try #require(Interpreter(graph, parameters: Parameters()).run(input)["y"]).floats
  }

  @Test(arguments: forms.filter { $0.zero != nil }, [false, true])
  func everyFormFusesToTheSameOperatorsAndBits(_ form: Form, signed: Bool) throws {
    let plain = try network(Self.forms[0], signed: false)
    let graph = try network(form, signed: signed)
    let values = try run(graph)
    #expect(try values == run(plain))
    #expect(Set(values).count > 1)
    let fused = try graph.applying([QuantizedFusion()])
    let operators = fused.nodes.map { type(of: $0.operation).name }
    #expect(operators.filter { $0 == "QuantizedConv" || $0 == "QuantizedDense" }.count == 2, "\(operators)")
    #expect(try run(fused) == run(plain.applying([QuantizedFusion()])))
  }

  @Test func signedBytesThatOthersReadStaySigned() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(3)])
    let (scale, zero) = (
      builder.constant(Tensor(scalar: Float(0.5))), builder.constant(Tensor(scalar: Int8(-128)))
    )
    let bytes = try builder.add(QuantizeLinear(), x, scale, zero, name: "bytes")
    try builder.output("y", builder.add(DequantizeLinear(), bytes, scale, zero))
    try builder.output("bytes", bytes)
    let graph = try builder.graph.applying([UnsignedActivations()])
    let result = try Interpreter(graph, parameters: Parameters()).run(["x": Tensor([0, 1, 500] as [Float])])
    #expect(result["bytes"] == Tensor([-128, -126, 127] as [Int8]))
    #expect(result["y"]?.floats == [0, 1, 127.5])
  }

  @Test func scalesOfSlicesMoveWithTheirZeroPoints() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(1), .fixed(2)])
    let (scales, zeros) = (
      builder.constant(Tensor([0.5, 2] as [Float])), builder.constant(Tensor([-3, 100] as [Int8]))
    )
    let bytes = try builder.add(QuantizeLinear(), x, scales, zeros)
    try builder.output("y", builder.add(DequantizeLinear(), bytes, scales, zeros))
    let graph = try builder.graph.applying([UnsignedActivations()])
    #expect(graph.fact(graph.nodes[0].outputs[0]).type == .uint8)
    for values in [[1, 5], [-400, 400], [70, -700]] as [[Float]] {
      let input = ["x": Tensor(values, shape: [1, 2])]
      let moved = try Interpreter(graph, parameters: Parameters()).run(input)["y"]
      #expect(try moved == Interpreter(builder.graph, parameters: Parameters()).run(input)["y"])
    }
  }
}
