public import VisionTensor

/// y = Σ (a − a₀)(b − b₀) in 32 bits, which wrap. ONNX MatMulInteger, opset 10.
///
/// Inputs: a …×M×K and b …×K×N, each int8 or uint8; optional zero points of their types: one number, one for each row
/// of a, one for each column of b. The result is int32.
public struct MatMulInteger: Operator {
  public static let name = "MatMulInteger"
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let a = try ShapeRule.required(inputs, 0, types: IntegerProduct.types)
    let b = try ShapeRule.required(inputs, 1, types: IntegerProduct.types)
    if let zero = try ShapeRule.optional(inputs, 2, types: [a.type]) {
      _ = try IntegerProduct.aligned(zero.shape, to: a.shape, .rows)
    }
    if let zero = try ShapeRule.optional(inputs, 3, types: [b.type]) {
      _ = try IntegerProduct.aligned(zero.shape, to: b.shape, .columns)
    }
    let y = try MatMul().outputs([Fact(.float32, a.shape), Fact(.float32, b.shape)])[0].shape
    return [Fact(.int32, y)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    _ = try resolved(inputs)
    let (a, b) = (try Reference.required(inputs, 0), try Reference.required(inputs, 1))
    let sums = try MatMul().evaluate([
      IntegerProduct.centered(a, Reference.optional(inputs, 2), .rows),
      IntegerProduct.centered(b, Reference.optional(inputs, 3), .columns),
    ])[0]
    return [IntegerProduct.wrapped(sums)]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    try node.allowInputs(atMost: 4)
    return try graph.add(MatMulInteger(), node.inputs, name: node.name)
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { MatMul().flops(inputs, outputs) }
}
