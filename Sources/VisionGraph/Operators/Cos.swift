import VisionSystem

/// y = cos x, x in radians. ONNX Cos, opset 7.
public struct Cos: DifferentiableUnary, PlainOperator {
  public static let name = "Cos"
  public init() {}

  public func apply(_ x: Double) -> Double { Libm.cos(x) }

  public func derivative(_ x: Double) -> Double { -Libm.sin(x) }
}
