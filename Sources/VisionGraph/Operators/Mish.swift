import VisionSystem

/// y = x · tanh(ln(1 + eˣ)) (Misra 2019). ONNX Mish, opset 18.
public struct Mish: DifferentiableUnary, PlainOperator {
  public static let name = "Mish"
  public static let introduction = 18
  public static let keepsNumbersOpen = true
  public init() {}

  public var function: ElementFunction? { ElementFunction(.mish) }

  public func apply(_ x: Double) -> Double { x * Libm.tanh(Libm.softplus(x)) }

  public func derivative(_ x: Double) -> Double {
    let inner = Libm.tanh(Libm.softplus(x))
    return x == -.infinity ? 0 : inner + x * Libm.sigmoid(x) * (1 - inner * inner)
  }
}
