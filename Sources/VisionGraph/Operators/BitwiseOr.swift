public import VisionTensor

/// c = a ∨ b, bit by bit, of integers of one type with broadcasting. ONNX BitwiseOr, opset 18.
public struct BitwiseOr: BinaryElementwise, PlainOperator {
  public static let name = "BitwiseOr"
  public static let introduction = 18
  public static let types = Set<ElementType>.integers
  public init() {}

  public func apply(_ a: Double, _ b: Double) -> Double { .nan }  // Floating-point types are refused.
  public func apply(_ a: Int, _ b: Int) -> Int { a | b }
}
