import VisionSystem
import VisionTensor

/// y = min(max(x, low), high), such as ReLU and ReLU6: the derivative is 1 inside the bounds and 0 at and
/// beyond them.
public struct Clamp: Sendable, Hashable {
  public var low: Float
  public var high: Float

  public init(low: Float, high: Float) {
    self.low = low
    self.high = high
  }

  /// The clamp that an operator stands for, or nil. The bounds of Clip must be constants.
  package init?(_ op: any Operator, _ inputs: [Fact?]) {
    switch Activation(op, inputs) {
    case .relu: self.init(low: 0, high: .infinity)
    case .clip(let low, let high) where low < high: self.init(low: low, high: high)
    default: return nil
    }
  }

  /// The function of one element, in `Double`; NaN stays NaN.
  public func apply(_ x: Double) -> Double { x.isNaN ? x : min(max(x, Double(low)), Double(high)) }

  /// Whether the derivative is 1, judged from the result y.
  public func passes(_ y: Double) -> Bool { y > Double(low) && y < Double(high) }
}
