/// Whether a ≤ b, with broadcasting; bool. ONNX LessOrEqual, opset 16.
public struct LessOrEqual: Comparison {
  public static let name = "LessOrEqual"
  public init() {}

  public static func holds<Number: Comparable>(_ a: Number, _ b: Number) -> Bool { a <= b }
}
