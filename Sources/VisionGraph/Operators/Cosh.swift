import VisionSystem

/// y = cosh x. ONNX Cosh, opset 9.
public struct Cosh: DifferentiableUnary, PlainOperator {
  public static let name = "Cosh"
  public init() {}

  public func apply(_ x: Double) -> Double { Libm.cosh(x) }

  public func derivative(_ x: Double) -> Double { Libm.sinh(x) }
}
