public import VisionTensor

/// y = ¬x of bools. ONNX Not, opset 1.
public struct Not: PlainOperator {
  public static let name = "Not"
  public static let inputLimit: Int? = 1
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    [Fact(.bool, try ShapeRule.required(inputs, 0, types: [.bool]).shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    return [Tensor(x.integers.map { $0 == 0 }, shape: x.shape)]
  }
}
