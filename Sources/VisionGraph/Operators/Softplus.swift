import VisionSystem

/// y = ln(1 + eˣ). ONNX Softplus, opset 1.
public struct Softplus: DifferentiableUnary, PlainOperator {
  public static let name = "Softplus"
  public init() {}

  public var function: ElementFunction? { ElementFunction(.softplus) }

  public func apply(_ x: Double) -> Double { Libm.softplus(x) }

  public func derivative(_ x: Double) -> Double { Libm.sigmoid(x) }
}
