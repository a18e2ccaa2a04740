/// Whether a > b, with broadcasting; bool. ONNX Greater, opset 13.
public struct Greater: Comparison {
  public static let name = "Greater"
  public init() {}

  public static func holds<Number: Comparable>(_ a: Number, _ b: Number) -> Bool { a > b }
}
