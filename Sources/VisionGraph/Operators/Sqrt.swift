/// y = √x; NaN for x < 0. ONNX Sqrt, opset 13.
public struct Sqrt: DifferentiableUnary, PlainOperator {
  public static let name = "Sqrt"
  public init() {}

  public var function: ElementFunction? { ElementFunction(.sqrt) }

  public func apply(_ x: Double) -> Double { x.squareRoot() }

  public static var derivesFromResult: Bool { true }
  public func derivative(_ y: Double) -> Double { 0.5 / y }
}
