public import VisionTensor

/// y = −x; the smallest integer stays unchanged. ONNX Neg, opset 13.
public struct Neg: UnaryArithmetic, PlainOperator {
  public static let name = "Neg"
  public static let types = Set<ElementType>.floats.union([.int8, .int16, .int32, .int64])
  public init() {}

  public var function: ElementFunction? { ElementFunction(.neg) }

  public func apply(_ x: Double) -> Double { -x }
  public func apply(_ x: Int) -> Int { 0 &- x }
  public func apply(_ x: UInt64) -> UInt64 { 0 &- x }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    [try node.add(Neg(), node.gradient)]
  }
}
