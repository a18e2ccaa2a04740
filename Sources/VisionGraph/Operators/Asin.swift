import VisionSystem

/// y = arcsin x, in radians; NaN outside of −1...1. ONNX Asin, opset 7.
public struct Asin: DifferentiableUnary, PlainOperator {
  public static let name = "Asin"
  public init() {}

  public func apply(_ x: Double) -> Double { Libm.asin(x) }

  public func derivative(_ x: Double) -> Double { 1 / (1 - x * x).squareRoot() }
}
