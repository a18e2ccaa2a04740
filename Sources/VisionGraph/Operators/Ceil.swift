/// y = ⌈x⌉. ONNX Ceil, opset 13.
public struct Ceil: UnaryElementwise, PlainOperator {
  public static let name = "Ceil"
  public init() {}

  public func apply(_ x: Double) -> Double { x.rounded(.up) }
}
