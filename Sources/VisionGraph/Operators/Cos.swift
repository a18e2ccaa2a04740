/// y = cos x, x in radians. ONNX Cos, opset 7.
public struct Cos: UnaryElementwise, PlainOperator {
  public static let name = "Cos"
  public init() {}

  public func apply(_ x: Double) -> Double { Libm.cos(x) }
}
