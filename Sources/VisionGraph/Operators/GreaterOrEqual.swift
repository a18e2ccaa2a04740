/// Whether a ≥ b, with broadcasting; bool. ONNX GreaterOrEqual, opset 16.
public struct GreaterOrEqual: Comparison {
  public static let name = "GreaterOrEqual"
  public init() {}

  public static func holds<Number: Comparable>(_ a: Number, _ b: Number) -> Bool { a >= b }
}
