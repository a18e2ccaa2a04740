import VisionSystem
public import VisionTensor

/// y = ¬x, bit by bit, of integers. ONNX BitwiseNot, opset 18.
public struct BitwiseNot: UnaryArithmetic, PlainOperator {
  public static let name = "BitwiseNot"
  public static let introduction = 18
  public static let types = Set<ElementType>.integers
  public init() {}

  public func apply(_ x: Double) -> Double { .nan }  // Floating-point types are refused.
  public func apply(_ x: Int) -> Int { ~x }
  public func apply(_ x: UInt64) -> UInt64 { ~x }
}
