public import VisionTensor

/// y = a · (b − b₀) · b scale + bias, where a is quantized to bytes over its range as by DynamicQuantizeLinear. ONNX
/// Runtime's com.microsoft DynamicQuantizeMatMul, version 1.
///
/// Inputs: a …×M×K float32; b …×K×N, int8 or uint8; its scale, one number or one for each column; optional zero point
/// of b, of the shape of the scale; optional bias N. The result is float32.
public struct DynamicQuantizeMatMul: Operator {
  public static let name = "DynamicQuantizeMatMul"
  public static let domain = "com.microsoft"
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let a = try ShapeRule.required(inputs, 0, types: [.float32])
    return try MatMulIntegerToFloat().outputs(
      Self.product(Fact(.uint8, a.shape), Fact(.float32, []), Fact(.uint8, []), inputs))
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let bytes = try DynamicQuantizeLinear().evaluate([try Reference.required(inputs, 0)])
    return try MatMulIntegerToFloat().evaluate(Self.product(bytes[0], bytes[1], bytes[2], inputs))
  }

  /// The inputs of the product of a's bytes, with their scale and zero point, and b.
  private static func product<Operand>(_ a: Operand, _ scale: Operand, _ zero: Operand, _ inputs: [Operand?])
    -> [Operand?]
  {
    let rest = inputs + [Operand?](repeating: nil, count: max(5 - inputs.count, 0))
    return [a, rest[1], scale, rest[2], zero, rest[3], rest[4]]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    try node.allowInputs(atMost: 5)
    return try graph.add(DynamicQuantizeMatMul(), node.inputs, name: node.name)
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { MatMul().flops(inputs, outputs) }
}
