/// y = 1/x. ONNX Reciprocal, opset 13.
public struct Reciprocal: UnaryElementwise, PlainOperator {
  public static let name = "Reciprocal"
  public init() {}

  public func apply(_ x: Double) -> Double { 1 / x }
}
