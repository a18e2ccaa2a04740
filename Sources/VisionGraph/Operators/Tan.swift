import VisionSystem

/// y = tan x, x in radians. ONNX Tan, opset 7.
public struct Tan: DifferentiableUnary, PlainOperator {
  public static let name = "Tan"
  public init() {}

  public func apply(_ x: Double) -> Double { Libm.tan(x) }

  public func derivative(_ x: Double) -> Double {
    let y = Libm.tan(x)
    return 1 + y * y
  }
}
