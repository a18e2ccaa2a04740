/// y = sin x, x in radians. ONNX Sin, opset 7.
public struct Sin: UnaryElementwise, PlainOperator {
  public static let name = "Sin"
  public init() {}

  public func apply(_ x: Double) -> Double { Libm.sin(x) }
}
