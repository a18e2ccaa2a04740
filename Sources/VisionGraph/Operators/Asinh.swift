import VisionSystem

/// y = arsinh x. ONNX Asinh, opset 9.
public struct Asinh: DifferentiableUnary, PlainOperator {
  public static let name = "Asinh"
  public init() {}

  public func apply(_ x: Double) -> Double { Libm.asinh(x) }

  public func derivative(_ x: Double) -> Double { 1 / (1 + x * x).squareRoot() }
}
