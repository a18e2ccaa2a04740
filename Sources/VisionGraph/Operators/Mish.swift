/// y = x · tanh(ln(1 + eˣ)) (Misra 2019). ONNX Mish, opset 18.
public struct Mish: UnaryElementwise, PlainOperator {
  public static let name = "Mish"
  public init() {}

  public func apply(_ x: Double) -> Double { x * Libm.tanh(Libm.softplus(x)) }
}
