public import VisionTensor

/// y = α · a′ · b′ + c of quantized matrices, where a′ and b′ are a and b or their transposes. ONNX Runtime's
/// com.microsoft QGemm, version 1.
///
/// Inputs: a, int8 or uint8, its scale and zero point; b, its scale and zero point, one number each or one for each
/// column of b′; optional int32 c, which broadcasts to M×N, in units of α times both scales; optional scale of y and
/// optional zero point of y. Without the scale the result is float32; with it, it has the type of its zero point, or of
/// a. Where scales and zero points are constants, it is imported as DequantizeLinear → Gemm → QuantizeLinear.
public struct QGemm: Operator {
  public static let name = "QGemm"
  public static let domain = "com.microsoft"
  public static let constantInputs: Set = [1, 2, 4, 5, 7, 8]
  public var alpha: Float
  public var transposesA: Bool
  public var transposesB: Bool

  public init(alpha: Float = 1, transposesA: Bool = false, transposesB: Bool = false) {
    self.alpha = alpha
    self.transposesA = transposesA
    self.transposesB = transposesB
  }

  private var side: IntegerProduct.Side { transposesB ? .outputs : .columns }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let a = try ShapeRule.required(inputs, 0, types: IntegerProduct.types)
    let b = try ShapeRule.required(inputs, 3, types: IntegerProduct.types)
    let scale = try ShapeRule.optional(inputs, 7, types: [.float32])
    let zero = try ShapeRule.optional(inputs, 8, types: IntegerProduct.types)
    let single = [
      try ShapeRule.required(inputs, 1, types: [.float32]),
      try ShapeRule.required(inputs, 2, types: [a.type]),
      scale, zero,
    ]
    for case let fact? in single where !Quantization.isPerTensor(fact.shape) {
      throw ShapeError("scale or zero point \(fact.shape) is not one number")
    }
    if zero != nil, scale == nil { throw ShapeError("the result has a zero point but no scale") }
    let columns = [
      try ShapeRule.required(inputs, 4, types: [.float32]),
      try ShapeRule.required(inputs, 5, types: [b.type]),
    ]
    for fact in columns { _ = try IntegerProduct.aligned(fact.shape, to: b.shape, side) }
    let c = try ShapeRule.optional(inputs, 6, types: [.int32])
    let gemm = Gemm(transposesA: transposesA, transposesB: transposesB)
    let y = try gemm.outputs([
      Fact(.float32, a.shape), Fact(.float32, b.shape), c.map { Fact(.float32, $0.shape) },
    ])[0]
    return [scale == nil ? y : Fact(zero?.type ?? a.type, y.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let gemm = Gemm(transposesA: transposesA, transposesB: transposesB)
    let sums = try gemm.evaluate([
      IntegerProduct.centered(Reference.required(inputs, 0), inputs[2], .rows),
      IntegerProduct.centered(Reference.required(inputs, 3), inputs[5], side),
      Reference.optional(inputs, 6)?.converted(to: .float64),
    ])[0]
    let a = try Reference.required(inputs, 1).floats[0]
    var factors = try Reference.required(inputs, 4).floats.map { alpha * a * $0 }
    let y = Reference.optional(inputs, 7)?.floats.first
    if let y { factors = factors.map { $0 / y } }
    let columns = max(fact.shape[1], 1)
    let multipliers = (0..<fact.shape.elementCount).map { factors[factors.count == 1 ? 0 : $0 % columns] }
    guard y != nil else { return [IntegerProduct.floats(sums, multipliers)] }
    let zero = Reference.optional(inputs, 8)
    return [IntegerProduct.bytes(sums, multipliers, zero: zero, type: fact.type)]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["alpha", "transA", "transB"])
    try node.allowInputs(atMost: 9)
    let op = QGemm(
      alpha: try node.float("alpha") ?? 1, transposesA: try node.flag("transA"),
      transposesB: try node.flag("transB"))
    let form = QuantizedForm(node: node, graph: graph)
    guard form.isKnown([1, 2, 4, 5, 6, 7, 8]) else {
      return try graph.add(op, node.inputs, name: node.name)
    }
    do {
      _ = try op.outputs(node.inputs.map { $0?.fact })
    } catch { throw GraphError(.shape, "QGemm: \(error.message)", place: node.name) }
    let axis = op.transposesB ? 0 : 1
    let gemm = Gemm(alpha: op.alpha, transposesA: op.transposesA, transposesB: op.transposesB)
    let result = try graph.add(
      gemm, form.numbers(0, scale: 1, zero: 2), form.numbers(3, scale: 4, zero: 5, axis: axis),
      op.addend(node, form), name: node.optionalInput(7) == nil ? node.name : "\(node.name).numbers")
    guard node.optionalInput(7) != nil else { return [result] }
    return [try form.quantized(result, scale: 7, zero: 8, type: node.input(0).fact.type)]
  }

  /// The numbers that the addend means.
  private func addend(_ node: ImportedNode, _ form: QuantizedForm) throws(GraphError) -> Value? {
    guard let given = node.optionalInput(6), var integers = given.fact.value else { return nil }
    let scale = try node.input(4)
    let step = alpha * (try node.input(1).fact.value?.floats.first ?? 1)
    let scales = (scale.fact.value?.floats ?? []).map { step * $0 }
    // One row of addends stands for a list, which is the form of a bias.
    if integers.shape.rank == 2, integers.shape[0] == 1 {
      integers = integers.reshaped(to: [integers.shape[1]])
    }
    if scales.count > 1, integers.shape.last != scales.count {
      let rows = integers.shape.dimensions.dropLast()
      integers = Reference.expanded(integers, to: Shape(rows + [scales.count]))
    }
    let value = form.graph.constant(integers, name: "\(node.name).integers")
    return try form.numbers(
      value, scales: scales, shape: scale.shape, axis: max(integers.shape.rank - 1, 0))
  }

  public var attributes: Attributes {
    ["alpha": .float(alpha), "transA": .int(transposesA ? 1 : 0), "transB": .int(transposesB ? 1 : 0)]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    Gemm(transposesA: transposesA).flops(inputs, outputs)
  }
}
