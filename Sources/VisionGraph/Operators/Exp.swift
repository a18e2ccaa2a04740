import VisionSystem

/// y = eˣ. ONNX Exp, opset 13.
public struct Exp: DifferentiableUnary, PlainOperator {
  public static let name = "Exp"
  public init() {}

  public var function: ElementFunction? { ElementFunction(.exp) }

  public func apply(_ x: Double) -> Double { Libm.exp(x) }

  public static var derivesFromResult: Bool { true }
  public func derivative(_ y: Double) -> Double { y }
}
