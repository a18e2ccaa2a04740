/// y = ⌊x⌋. ONNX Floor, opset 13.
public struct Floor: UnaryElementwise, PlainOperator {
  public static let name = "Floor"
  public init() {}

  public func apply(_ x: Double) -> Double { x.rounded(.down) }
}
