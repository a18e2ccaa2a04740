/// A function of one element that kernels compute, with its parameters.
///
/// An operator states its function in `Operator.elementFunction`, so that kernels, and operators that apply a
/// function to their result, need no list of operators.
public struct ElementFunction: Sendable, Hashable {
  /// The functions. The raw values are those of `vn_unary_op`, in the order of `vn_elementwise.h`; a new
  /// function goes after `VN_SIGN`.
  public enum Code: UInt32, Sendable, CaseIterable {
    case relu = 1
    /// a: the lower bound; b: the upper bound.
    case clip
    /// a: the slope below 0.
    case leakyRelu
    /// a: α; −α is the limit at −∞.
    case elu
    /// a: the factor for x ≤ 0; b: the factor for all x.
    case selu
    /// a: the scale.
    case celu
    /// a: the threshold.
    case thresholdedRelu
    case sigmoid
    /// x · sigmoid(a · x).
    case silu
    /// a: the slope; b: the value at 0.
    case hardSigmoid
    case hardSwish
    case tanh
    case exp
    case log
    case sqrt
    case reciprocal
    case neg
    case abs
    case erf
    case gelu
    /// The approximation with tanh.
    case geluTanh
    case softplus
    case softsign
    case mish
    case floor
    case ceil
    case round
    case sign

    /// The operator that is the function.
    public var operatorType: any Operator.Type { type(of: ElementFunction(self).operation) }
  }

  public let code: Code
  /// The parameters; 0 where the function has fewer.
  public let a: Float
  public let b: Float

  public init(_ code: Code, _ a: Float = 0, _ b: Float = 0) {
    self.code = code
    self.a = a
    self.b = b
  }

  /// The operator that is the function, but for the bounds of Clip, which are inputs of it.
  private var operation: any Operator {
    switch code {
    case .relu: Relu()
    case .clip: Clip()
    case .leakyRelu: LeakyRelu(alpha: a)
    case .elu: Elu(alpha: a)
    case .selu: Selu(alpha: a, gamma: b)
    case .celu: Celu(alpha: a)
    case .thresholdedRelu: ThresholdedRelu(alpha: a)
    case .sigmoid: Sigmoid()
    case .silu: Swish(alpha: a)
    case .hardSigmoid: HardSigmoid(alpha: a, beta: b)
    case .hardSwish: HardSwish()
    case .tanh: Tanh()
    case .exp: Exp()
    case .log: Log()
    case .sqrt: Sqrt()
    case .reciprocal: Reciprocal()
    case .neg: Neg()
    case .abs: Abs()
    case .erf: Erf()
    case .gelu: Gelu()
    case .geluTanh: Gelu(approximation: .tanh)
    case .softplus: Softplus()
    case .softsign: Softsign()
    case .mish: Mish()
    case .floor: Floor()
    case .ceil: Ceil()
    case .round: Round()
    case .sign: Sign()
    }
  }

  /// The function of one element, in `Double`, as its operator computes it.
  package func apply(_ x: Double) -> Double {
    (operation as? any UnaryElementwise)?.apply(x) ?? Clamp(low: a, high: b).apply(x)
  }

  /// The derivative at one element, in `Double`; 0 at the bounds of what is cut off, and where it is a step.
  package func derivative(_ x: Double) -> Double {
    guard let unary = operation as? any DifferentiableUnary else {
      return x.isNaN ? x : code == .clip && Clamp(low: a, high: b).passes(x) ? 1 : 0
    }
    return unary.derivative(type(of: unary).derivesFromResult ? unary.apply(x) : x)
  }

  /// Whether passes make it a part of the convolution before it: kernels apply it while they write their results.
  package var isFusible: Bool {
    switch code {
    case .relu, .clip, .leakyRelu, .sigmoid, .hardSigmoid, .hardSwish, .tanh: true
    default: false
    }
  }

  /// The ONNX operator that the function is.
  package var operatorName: String { code.operatorType.name }

  /// Whether kernels compute its derivative from the result, and not from the argument.
  package var derivesFromResult: Bool {
    switch code {
    case .relu, .sigmoid, .tanh, .exp, .sqrt: true
    default: false
    }
  }
}
