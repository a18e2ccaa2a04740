import VisionSystem
import VisionTensor

/// y = min(max(x, low), high): ReLU, ReLU6 and the like, whose derivative is 1 inside the bounds and 0 at and beyond them.
package struct Clamp: Sendable, Hashable {
  package var low: Float
  package var high: Float

  package init(low: Float, high: Float) {
    self.low = low
    self.high = high
  }

  /// The clamp that an operator stands for, or nil. The bounds of Clip must be constants.
  package init?(_ op: any Operator, _ inputs: [Fact?]) {
    guard inputs.first??.type == .float32, let function = op.elementFunction(inputs) else { return nil }
    switch function.code {
    case .relu: self.init(low: 0, high: .infinity)
    case .clip where function.a < function.b: self.init(low: function.a, high: function.b)
    default: return nil
    }
  }

  /// The function of one element, in `Double`; NaN stays NaN.
  package func apply(_ x: Double) -> Double { x.isNaN ? x : min(max(x, Double(low)), Double(high)) }

  /// Whether the derivative is 1, by the result.
  package func passes(_ y: Double) -> Bool { y > Double(low) && y < Double(high) }
}
