/// y = x / (1 + |x|). ONNX Softsign, opset 1.
public struct Softsign: UnaryElementwise, PlainOperator {
  public static let name = "Softsign"
  public init() {}

  public func apply(_ x: Double) -> Double { x / (1 + x.magnitude) }
}
