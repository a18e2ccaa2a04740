import VisionSystem
public import VisionTensor

/// The number of elements of x, an int64 scalar, known before a run. ONNX Size, opset 13.
public struct Size: PlainOperator {
  public static let name = "Size"
  public static let inputLimit: Int? = 1
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    [Fact(constant: Tensor(scalar: Int64(try ShapeRule.required(inputs, 0).shape.elementCount)))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    [Tensor(scalar: Int64(try Reference.required(inputs, 0).elementCount))]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
