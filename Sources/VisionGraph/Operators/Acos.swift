import VisionSystem

/// y = arccos x, in radians; NaN outside of −1...1. ONNX Acos, opset 7.
public struct Acos: DifferentiableUnary, PlainOperator {
  public static let name = "Acos"
  public init() {}

  public func apply(_ x: Double) -> Double { Libm.acos(x) }

  public func derivative(_ x: Double) -> Double { -1 / (1 - x * x).squareRoot() }
}
