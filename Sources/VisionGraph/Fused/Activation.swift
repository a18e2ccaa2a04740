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

  /// The activation that an operator stands for, or nil. The bounds of Clip must be constants.
  package init?(_ op: any Operator, _ inputs: [Fact?]) {
    guard let first = inputs.first, first?.type == .float32 else { return nil }
    if let activation = (op as? ActivationOperator)?.activation {
      self = activation
      return
    }
    guard let function = op.elementFunction(inputs) else { return nil }
    switch function.code {
    case .relu: self = .relu
    case .clip: self = .clip(function.a, function.b)
    case .leakyRelu: self = .leakyRelu(function.a)
    case .sigmoid: self = .sigmoid
    case .hardSigmoid: self = .hardSigmoid(function.a, function.b)
    case .hardSwish: self = .hardSwish
    case .tanh: self = .tanh
    // SiLU comes as an `ActivationOperator`, made from x · sigmoid(x).
    default: return nil
    }
  }

  /// The function in the form that kernels use.
  package var function: ElementFunction {
    switch self {
    case .relu: ElementFunction(.relu)
    case .clip(let low, let high): ElementFunction(.clip, low, high)
    case .leakyRelu(let alpha): ElementFunction(.leakyRelu, alpha)
    case .sigmoid: ElementFunction(.sigmoid)
    case .silu: ElementFunction(.silu, 1)
    case .hardSigmoid(let alpha, let beta): ElementFunction(.hardSigmoid, alpha, beta)
    case .hardSwish: ElementFunction(.hardSwish)
    case .tanh: ElementFunction(.tanh)
    }
  }

  /// The ONNX operator that the activation stands for.
  package var operatorName: String { function.code.operatorType.name }

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

  /// The derivative at one element, in `Double`; 0 at the bounds of a clip.
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
