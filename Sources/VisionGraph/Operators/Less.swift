/// Whether a < b, with broadcasting; bool. ONNX Less, opset 13.
public struct Less: Comparison {
  public static let name = "Less"
  public init() {}

  public static func holds<Number: Comparable>(_ a: Number, _ b: Number) -> Bool { a < b }
}
