import VisionSystem

/// y = arctan x, in radians. ONNX Atan, opset 7.
public struct Atan: DifferentiableUnary, PlainOperator {
  public static let name = "Atan"
  public init() {}

  public func apply(_ x: Double) -> Double { Libm.atan(x) }

  public func derivative(_ x: Double) -> Double { 1 / (1 + x * x) }
}
