/// y = 1/x. ONNX Reciprocal, opset 13.
public struct Reciprocal: DifferentiableUnary, PlainOperator {
  public static let name = "Reciprocal"
  public init() {}

  public var function: ElementFunction? { ElementFunction(.reciprocal) }

  public func apply(_ x: Double) -> Double { 1 / x }

  public static var derivesFromResult: Bool { true }
  public func derivative(_ y: Double) -> Double { -y * y }
}
