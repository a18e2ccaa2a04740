import VisionSystem

/// y = sin x, x in radians. ONNX Sin, opset 7.
public struct Sin: DifferentiableUnary, PlainOperator {
  public static let name = "Sin"
  public init() {}

  public func apply(_ x: Double) -> Double { Libm.sin(x) }

  public func derivative(_ x: Double) -> Double { Libm.cos(x) }
}
