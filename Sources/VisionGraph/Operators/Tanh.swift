import VisionSystem

/// y = tanh x. ONNX Tanh, opset 13.
public struct Tanh: DifferentiableUnary, PlainOperator {
  public static let name = "Tanh"
  public init() {}

  public var function: ElementFunction? { ElementFunction(.tanh) }

  public func apply(_ x: Double) -> Double { Libm.tanh(x) }

  public static var derivesFromResult: Bool { true }
  public func derivative(_ y: Double) -> Double { 1 - y * y }
}
