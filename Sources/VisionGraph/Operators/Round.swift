/// y = x rounded to the nearest integer, halves to even. ONNX Round, opset 11.
public struct Round: UnaryElementwise, PlainOperator {
  public static let name = "Round"
  public init() {}

  public func apply(_ x: Double) -> Double { x.rounded(.toNearestOrEven) }
}
