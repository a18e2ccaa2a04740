import VisionSystem

/// y = 1 / (1 + e⁻ˣ). ONNX Sigmoid, opset 13.
public struct Sigmoid: DifferentiableUnary, PlainOperator {
  public static let name = "Sigmoid"
  public init() {}

  public var function: ElementFunction? { ElementFunction(.sigmoid) }

  public func apply(_ x: Double) -> Double { Libm.sigmoid(x) }

  public static var derivesFromResult: Bool { true }
  public func derivative(_ y: Double) -> Double { y * (1 - y) }
}
