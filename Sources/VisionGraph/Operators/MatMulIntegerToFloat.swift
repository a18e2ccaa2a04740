public import VisionTensor

/// y = Σ (a − a₀)(b − b₀) · a scale · b scale + bias. ONNX Runtime's com.microsoft MatMulIntegerToFloat, version 1.
///
/// Inputs: a …×M×K and b …×K×N, each int8 or uint8; scale of a, one number; scale of b, one number or one for each
/// column; optional zero points of a (one number) and b (one, or one for each column); optional bias N. The result is
/// float32.
public struct MatMulIntegerToFloat: Operator {
  public static let name = "MatMulIntegerToFloat"
  public static let domain = "com.microsoft"
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let a = try ShapeRule.required(inputs, 0, types: IntegerProduct.types)
    let b = try ShapeRule.required(inputs, 1, types: IntegerProduct.types)
    let scale = try ShapeRule.required(inputs, 2, types: [.float32])
    let zero = try ShapeRule.optional(inputs, 4, types: [a.type])
    for shape in [scale.shape, zero?.shape ?? []] where !Quantization.isPerTensor(shape) {
      throw ShapeError("scale or zero point \(shape) of the left operand is not one number")
    }
    let y = try MatMul().outputs([Fact(.float32, a.shape), Fact(.float32, b.shape)])[0].shape
    let parameters = [
      try ShapeRule.required(inputs, 3, types: [.float32]),
      try ShapeRule.optional(inputs, 5, types: [b.type]),
    ]
    for case let parameter? in parameters {
      let shape = try IntegerProduct.aligned(parameter.shape, to: b.shape, .columns)
      guard shape.isEmpty || shape.broadcast(with: y) == y else {
        throw ShapeError("\(parameter.shape) does not fit the product \(y)")
      }
    }
    if let bias = try ShapeRule.optional(inputs, 6, types: [.float32]), bias.shape != [y.last ?? 1] {
      throw ShapeError("bias \(bias.shape) does not fit \(y)")
    }
    return [Fact(.float32, y)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let shape = try resolved(inputs)[0].shape
    let b = try Reference.required(inputs, 1)
    let sums = try MatMul().evaluate([
      IntegerProduct.centered(Reference.required(inputs, 0), Reference.optional(inputs, 4), .rows),
      IntegerProduct.centered(b, Reference.optional(inputs, 5), .columns),
    ])[0]
    let (left, right) = (try Reference.required(inputs, 2).floats[0], try Reference.required(inputs, 3))
    let scales = right.floats
    let columns = try IntegerProduct.places(of: right.shape, on: b.shape, .columns, in: shape)
    let y = IntegerProduct.floats(sums, columns.map { left * scales[$0] })
    guard let bias = Reference.optional(inputs, 6) else { return [y] }
    return try Add().evaluate([y, bias])
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    try node.allowInputs(atMost: 7)
    return try graph.add(MatMulIntegerToFloat(), node.inputs, name: node.name)
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { MatMul().flops(inputs, outputs) }
}
