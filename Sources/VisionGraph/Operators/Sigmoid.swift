/// y = 1 / (1 + e⁻ˣ). ONNX Sigmoid, opset 13.
public struct Sigmoid: UnaryElementwise, PlainOperator {
  public static let name = "Sigmoid"
  public init() {}

  public func apply(_ x: Double) -> Double { Libm.sigmoid(x) }
}
