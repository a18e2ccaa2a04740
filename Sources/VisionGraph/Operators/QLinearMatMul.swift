public import VisionTensor

/// y = saturate(round(Σ (a − a₀)(b − b₀) · a scale · b scale / y scale) + y₀): a matrix product of quantized tensors.
/// ONNX QLinearMatMul, opset 10; without the 8-bit floats of opset 21.
///
/// Inputs: a …×M×K, int8 or uint8, its scale and zero point, one number each or one for each row; b …×K×N, its scale
/// and zero point, one number each or one for each column; scale and zero point of y, whose type is that of the zero
/// point. Where scales and zero points are constants, it is imported as DequantizeLinear → MatMul → QuantizeLinear.
public struct QLinearMatMul: Operator {
  public static let name = "QLinearMatMul"
  public static let constantInputs: Set = [1, 2, 4, 5, 6, 7]
  public init() {}

  private static let scales: Set<ElementType> = [.float32, .float16, .bfloat16]

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let a = try ShapeRule.required(inputs, 0, types: IntegerProduct.types)
    let b = try ShapeRule.required(inputs, 3, types: IntegerProduct.types)
    let scale = try ShapeRule.required(inputs, 6, types: Self.scales)
    let zero = try ShapeRule.required(inputs, 7, types: IntegerProduct.types)
    for fact in [scale, zero] where !Quantization.isPerTensor(fact.shape) {
      throw ShapeError("scale or zero point \(fact.shape) of the result is not one number")
    }
    let y = try MatMul().outputs([Fact(.float32, a.shape), Fact(.float32, b.shape)])[0].shape
    for (operand, scale, side) in [(a, 1, IntegerProduct.Side.rows), (b, 4, .columns)] {
      let facts = [
        try ShapeRule.required(inputs, scale, types: Self.scales),
        try ShapeRule.required(inputs, scale + 1, types: [operand.type]),
      ]
      for fact in facts { try Self.check(fact.shape, operand.shape, side, a, b, y) }
    }
    return [Fact(zero.type, y)]
  }

  /// Checks that a scale or zero point fits its operand and the product.
  private static func check(
    _ parameter: Shape, _ operand: Shape, _ side: IntegerProduct.Side, _ a: Fact, _ b: Fact, _ y: Shape
  ) throws(ShapeError) {
    let shape = try IntegerProduct.aligned(parameter, to: operand, side)
    guard shape.isEmpty || (a.shape.rank >= 2 && b.shape.rank >= 2 && shape.broadcast(with: y) == y) else {
      throw ShapeError("\(parameter) does not fit \(a.shape) times \(b.shape)")
    }
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let (a, b) = (try Reference.required(inputs, 0), try Reference.required(inputs, 3))
    let sums = try MatMul().evaluate([
      IntegerProduct.centered(a, inputs[2], .rows), IntegerProduct.centered(b, inputs[5], .columns),
    ])[0]
    let (aScale, bScale) = (try Reference.required(inputs, 1), try Reference.required(inputs, 4))
    let y = try Reference.required(inputs, 6).floats[0]
    let rows = try IntegerProduct.places(of: aScale.shape, on: a.shape, .rows, in: fact.shape)
    let columns = try IntegerProduct.places(of: bScale.shape, on: b.shape, .columns, in: fact.shape)
    let (left, right) = (aScale.floats, bScale.floats)
    let multipliers = zip(rows, columns).map { left[$0] * right[$1] / y }
    return [IntegerProduct.bytes(sums, multipliers, zero: inputs[7], type: fact.type)]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    try node.allowInputs(atMost: 8)
    let form = QuantizedForm(node: node, graph: graph)
    let (a, b) = (try node.input(0), try node.input(3))
    let parameters = [1, 2, 4, 5, 6, 7]
    // DequantizeLinear has lists of scales, but none for each row of each of several matrices.
    let areLists = parameters.allSatisfy { node.optionalInput($0)?.shape.rank ?? 0 <= 1 }
    guard areLists, form.isKnown(parameters) else {
      return try graph.add(QLinearMatMul(), node.inputs, name: node.name)
    }
    do {
      _ = try QLinearMatMul().outputs(node.inputs.map { $0?.fact })
    } catch { throw GraphError(.shape, "QLinearMatMul: \(error.message)", place: node.name) }
    let left = try form.numbers(0, scale: 1, zero: 2, axis: max(a.shape.rank - 2, 0))
    let right = try form.numbers(3, scale: 4, zero: 5, axis: max(b.shape.rank - 1, 0))
    let result = try graph.add(MatMul(), left, right, name: "\(node.name).numbers")
    return [try form.quantized(result, scale: 6, zero: 7, type: .uint8)]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { MatMul().flops(inputs, outputs) }
}
