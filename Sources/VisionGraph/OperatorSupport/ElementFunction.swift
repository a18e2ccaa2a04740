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

    /// The operator that computes the function.
    public var operatorType: any Operator.Type {
      switch self {
      case .relu: Relu.self
      case .clip: Clip.self
      case .leakyRelu: LeakyRelu.self
      case .elu: Elu.self
      case .selu: Selu.self
      case .celu: Celu.self
      case .thresholdedRelu: ThresholdedRelu.self
      case .sigmoid: Sigmoid.self
      case .silu: Swish.self
      case .hardSigmoid: HardSigmoid.self
      case .hardSwish: HardSwish.self
      case .tanh: Tanh.self
      case .exp: Exp.self
      case .log: Log.self
      case .sqrt: Sqrt.self
      case .reciprocal: Reciprocal.self
      case .neg: Neg.self
      case .abs: Abs.self
      case .erf: Erf.self
      case .gelu, .geluTanh: Gelu.self
      case .softplus: Softplus.self
      case .softsign: Softsign.self
      case .mish: Mish.self
      case .floor: Floor.self
      case .ceil: Ceil.self
      case .round: Round.self
      case .sign: Sign.self
      }
    }
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

  /// Whether kernels compute the derivative from the result instead of the argument.
  package var derivesFromResult: Bool {
    switch code {
    case .relu, .sigmoid, .tanh, .exp, .sqrt: true
    default: false
    }
  }
}
