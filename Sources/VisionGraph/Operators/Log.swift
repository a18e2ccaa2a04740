import VisionSystem

/// y = ln x; NaN for x < 0. ONNX Log, opset 13.
public struct Log: DifferentiableUnary, PlainOperator {
  public static let name = "Log"
  public init() {}

  public var function: ElementFunction? { ElementFunction(.log) }

  public func apply(_ x: Double) -> Double { Libm.log(x) }

  public func derivative(_ x: Double) -> Double { 1 / x }
}
