public import VisionTensor

/// Whether x is NaN; bool. ONNX IsNaN, opset 13.
public struct IsNaN: PlainOperator {
  public static let name = "IsNaN"
  public static let inputLimit: Int? = 1
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    [Fact(.bool, try ShapeRule.required(inputs, 0, types: .floats).shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    return [Tensor(x.doubles.map(\.isNaN), shape: x.shape)]
  }
}
