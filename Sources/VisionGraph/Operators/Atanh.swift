import VisionSystem

/// y = artanh x; NaN outside of −1...1. ONNX Atanh, opset 9.
public struct Atanh: DifferentiableUnary, PlainOperator {
  public static let name = "Atanh"
  public init() {}

  public func apply(_ x: Double) -> Double { Libm.atanh(x) }

  public func derivative(_ x: Double) -> Double { 1 / ((1 - x) * (1 + x)) }
}
