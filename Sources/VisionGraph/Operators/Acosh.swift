import VisionSystem

/// y = arcosh x; NaN below 1. ONNX Acosh, opset 9.
public struct Acosh: DifferentiableUnary, PlainOperator {
  public static let name = "Acosh"
  public init() {}

  public func apply(_ x: Double) -> Double { Libm.acosh(x) }

  public func derivative(_ x: Double) -> Double { 1 / ((x - 1) * (x + 1)).squareRoot() }
}
