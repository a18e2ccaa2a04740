/// y = x / (1 + |x|). ONNX Softsign, opset 1.
public struct Softsign: DifferentiableUnary, PlainOperator {
  public static let name = "Softsign"
  public init() {}

  public var function: ElementFunction? { ElementFunction(.softsign) }

  public func apply(_ x: Double) -> Double { x / (1 + x.magnitude) }

  public func derivative(_ x: Double) -> Double { 1 / ((1 + x.magnitude) * (1 + x.magnitude)) }
}
