/// y = tanh x. ONNX Tanh, opset 13.
public struct Tanh: UnaryElementwise, PlainOperator {
  public static let name = "Tanh"
  public init() {}

  public func apply(_ x: Double) -> Double { Libm.tanh(x) }
}
