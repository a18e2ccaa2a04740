/// y = eˣ. ONNX Exp, opset 13.
public struct Exp: UnaryElementwise, PlainOperator {
  public static let name = "Exp"
  public init() {}

  public func apply(_ x: Double) -> Double { Libm.exp(x) }
}
