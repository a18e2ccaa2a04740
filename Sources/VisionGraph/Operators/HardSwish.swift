/// y = x · max(0, min(1, x/6 + 1/2)) (Howard et al. 2019, MobileNetV3). ONNX HardSwish, opset 14.
public struct HardSwish: DifferentiableUnary, PlainOperator {
  public static let name = "HardSwish"
  public static let keepsNumbersOpen = true
  public init() {}

  public var function: ElementFunction? { ElementFunction(.hardSwish) }

  public func apply(_ x: Double) -> Double {
    // y is 0 where the factor is 0, even at −∞.
    x <= -3 ? 0 : x >= 3 ? x : x * (x / 6 + 0.5)
  }

  public func derivative(_ x: Double) -> Double { x.isNaN ? x : x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5 }
}
