public import VisionTensor

/// Whether a = b, with broadcasting; NaN is equal to nothing; bool. ONNX Equal, opset 13.
public struct Equal: Comparison {
  public static let name = "Equal"
  public static let types = Set<ElementType>.numbers.union([.bool])
  public init() {}

  public static func holds<Number: Comparable>(_ a: Number, _ b: Number) -> Bool { a == b }
}
