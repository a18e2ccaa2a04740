import VisionSystem
import VisionTensor

/// An activation function of a recurrent operator, with its parameters.
public struct RecurrentActivation: Sendable, Hashable {
  /// The functions.
  public enum Kind: Sendable, CaseIterable {
    case relu, tanh, sigmoid
    /// α·x + β.
    case affine
    case leakyRelu, thresholdedRelu
    /// α·tanh(β·x).
    case scaledTanh
    case hardSigmoid, elu, softsign, softplus

    /// ONNX's name of the function.
    package var name: String {
      switch self {
      case .affine: "Affine"
      case .scaledTanh: "ScaledTanh"
      default: RecurrentActivation(self).elementFunction.operatorName
      }
    }

    /// The values of α and β where none are given; nil where the function has no such parameter.
    package var defaults: (alpha: Float?, beta: Float?) {
      switch self {
      case .relu, .tanh, .sigmoid, .softsign, .softplus: (nil, nil)
      case .affine, .scaledTanh: (1, self == .affine ? 0 : 1)
      case .leakyRelu: (0.01, nil)
      case .thresholdedRelu, .elu: (1, nil)
      case .hardSigmoid: (0.2, 0.5)
      }
    }

    /// Whether ONNX has an operator of this name, whose default values hold for files that give none.
    package var hasDefaults: Bool { self != .affine && self != .scaledTanh }
  }

  public let kind: Kind
  /// The parameters; 0 where the function has fewer.
  public let alpha: Float
  public let beta: Float

  /// A function; parameters that are nil have their default values.
  public init(_ kind: Kind, alpha: Float? = nil, beta: Float? = nil) {
    self.kind = kind
    self.alpha = kind.defaults.alpha.map { alpha ?? $0 } ?? 0
    self.beta = kind.defaults.beta.map { beta ?? $0 } ?? 0
  }

  /// The function of one element, in `Double`.
  package func apply(_ x: Double) -> Double {
    switch kind {
    case .affine: Double(alpha) * x + Double(beta)
    case .scaledTanh: Double(alpha) * Libm.tanh(Double(beta) * x)
    default: elementFunction.apply(x)
    }
  }

  /// The derivative at one element, in `Double`.
  package func derivative(_ x: Double) -> Double {
    switch kind {
    case .affine: return Double(alpha)
    case .scaledTanh:
      let y = Libm.tanh(Double(beta) * x)
      return Double(alpha) * Double(beta) * (1 - y * y)
    default: return elementFunction.derivative(x)
    }
  }

  /// The function as that of an operator. Precondition: it is neither Affine nor ScaledTanh.
  private var elementFunction: ElementFunction {
    switch kind {
    case .relu: ElementFunction(.relu)
    case .sigmoid: ElementFunction(.sigmoid)
    case .leakyRelu: ElementFunction(.leakyRelu, alpha)
    case .thresholdedRelu: ElementFunction(.thresholdedRelu, alpha)
    case .hardSigmoid: ElementFunction(.hardSigmoid, alpha, beta)
    case .elu: ElementFunction(.elu, alpha)
    case .softsign: ElementFunction(.softsign)
    case .softplus: ElementFunction(.softplus)
    case .tanh, .affine, .scaledTanh: ElementFunction(.tanh)
    }
  }
}
