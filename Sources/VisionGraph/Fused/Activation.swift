import VisionSystem
import VisionTensor

/// A function of one element that kernels can apply while they write their results.
public enum Activation: Sendable, Hashable {
  case relu
  case clip(Float, Float)
  case leakyRelu(Float)
  case sigmoid
  /// x · sigmoid(x).
  case silu
  /// min(max(αx + β, 0), 1).
  case hardSigmoid(Float, Float)
  /// x · min(max(x/6 + 1/2, 0), 1).
  case hardSwish
  case tanh

  /// The activation that an operator is, or nil. Bounds of Clip must be constants.
  package init?(_ op: any Operator, _ inputs: [Fact?]) {
    func float(_ attribute: String, _ fallback: Float) -> Float {
      if case .float(let value)? = op.attributes[attribute] { return value }
      return fallback
    }
    guard let first = inputs.first, first?.type == .float32 else { return nil }
    if let activation = (op as? ActivationOperator)?.activation {
      self = activation
      return
    }
    switch type(of: op).name {
    case "Relu": self = .relu
    case "Clip":
      guard let bounds = Self.clipBounds(inputs) else { return nil }
      self = .clip(bounds.low, bounds.high)
    case "LeakyRelu": self = .leakyRelu(float("alpha", 0.01))
    case "Sigmoid": self = .sigmoid
    case "HardSigmoid": self = .hardSigmoid(float("alpha", 0.2), float("beta", 0.5))
    case "HardSwish": self = .hardSwish
    case "Tanh": self = .tanh
    default: return nil
    }
  }

  /// The constant bounds of a Clip; absent ones are infinite.
  package static func clipBounds(_ inputs: [Fact?]) -> (low: Float, high: Float)? {
    var bounds: [Float] = [-.infinity, .infinity]
    for index in 1...2 where index < inputs.count {
      guard let fact = inputs[index] else { continue }
      guard let value = fact.value, value.elementCount == 1 else { return nil }
      bounds[index - 1] = value.floats[0]
    }
    return (bounds[0], bounds[1])
  }

  /// The function of one element, in `Double`.
  public func apply(_ x: Double) -> Double {
    if x.isNaN { return x }
    switch self {
    case .relu: return max(x, 0)
    case .clip(let low, let high): return min(max(x, Double(low)), Double(high))
    case .leakyRelu(let alpha): return x < 0 ? Double(alpha) * x : x
    case .sigmoid: return 1 / (1 + exp(-x))
    case .silu: return x == -.infinity ? 0 : x / (1 + exp(-x))
    case .hardSigmoid(let alpha, let beta): return min(max(Double(alpha) * x + Double(beta), 0), 1)
    case .hardSwish: return x == -.infinity ? 0 : x * min(max(x / 6 + 0.5, 0), 1)
    case .tanh: return Libm.tanh(x)
    }
  }

  /// The derivative at one element, in `Double`; 0 at the bounds of what is cut off.
  public func derivative(_ x: Double) -> Double {
    switch self {
    case .relu: Relu().derivative(Relu().apply(x))
    case .clip(let low, let high): x.isNaN ? x : x > Double(low) && x < Double(high) ? 1 : 0
    case .leakyRelu(let alpha): LeakyRelu(alpha: alpha).derivative(x)
    case .sigmoid: Sigmoid().derivative(Sigmoid().apply(x))
    case .silu: Swish().derivative(x)
    case .hardSigmoid(let alpha, let beta): HardSigmoid(alpha: alpha, beta: beta).derivative(x)
    case .hardSwish: HardSwish().derivative(x)
    case .tanh: Tanh().derivative(Tanh().apply(x))
    }
  }
}
