public import VisionTensor

/// y = max(x, 0); NaN stays NaN. ONNX Relu, opset 14.
public struct Relu: UnaryArithmetic, DifferentiableUnary, PlainOperator {
  public static let name = "Relu"
  public static let keepsNumbersOpen = true
  public static let types = Set<ElementType>.floats.union([.int8, .int16, .int32, .int64])
  public init() {}

  public var function: ElementFunction? { ElementFunction(.relu) }

  public func apply(_ x: Double) -> Double { x.isNaN ? x : max(x, 0) }
  public func apply(_ x: Int) -> Int { max(x, 0) }
  public func apply(_ x: UInt64) -> UInt64 { x }

  public static var derivesFromResult: Bool { true }
  public func derivative(_ y: Double) -> Double { y.isNaN ? y : y > 0 ? 1 : 0 }
}
