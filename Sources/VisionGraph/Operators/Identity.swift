public import VisionTensor

/// y = x, of any type. ONNX Identity, opset 16.
public struct Identity: PlainOperator {
  public static let name = "Identity"
  public static let inputLimit: Int? = 1
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] { [try ShapeRule.required(inputs, 0)] }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    [try Reference.required(inputs, 0)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (index, _) throws(GraphError) in index == 0 ? node.gradient : nil }
  }
}
