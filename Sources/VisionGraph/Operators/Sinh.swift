import VisionSystem

/// y = sinh x. ONNX Sinh, opset 9.
public struct Sinh: DifferentiableUnary, PlainOperator {
  public static let name = "Sinh"
  public init() {}

  public func apply(_ x: Double) -> Double { Libm.sinh(x) }

  public func derivative(_ x: Double) -> Double { Libm.cosh(x) }
}
