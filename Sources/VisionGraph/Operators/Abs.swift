/// y = |x|; the smallest signed integer stays unchanged. ONNX Abs, opset 13.
public struct Abs: UnaryArithmetic, DifferentiableUnary, PlainOperator {
  public static let name = "Abs"
  public init() {}

  public var function: ElementFunction? { ElementFunction(.abs) }

  public func apply(_ x: Double) -> Double { x.magnitude }
  public func apply(_ x: Int) -> Int { x < 0 ? 0 &- x : x }
  public func apply(_ x: UInt64) -> UInt64 { x }

  public func derivative(_ x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : x.isNaN ? x : 0 }
}
