import CVisionKernels
import VisionGraph
import VisionTensor

/// A function of each element; works in either layout and in place.
struct UnaryKernel: Kernel {
  private let function: vn_unary_op
  private let a: Float
  private let b: Float
  private let count: Int

  /// Operators without parameters.
  private static let plain: [String: vn_unary_op] = [
    "Relu": VN_RELU, "Sigmoid": VN_SIGMOID, "HardSwish": VN_HARD_SWISH, "Tanh": VN_TANH, "Exp": VN_EXP,
    "Log": VN_LOG, "Sqrt": VN_SQRT, "Reciprocal": VN_RECIPROCAL, "Neg": VN_NEG, "Abs": VN_ABS, "Erf": VN_ERF,
    "Softplus": VN_SOFTPLUS, "Softsign": VN_SOFTSIGN, "Mish": VN_MISH, "Floor": VN_FLOOR, "Ceil": VN_CEIL,
    "Round": VN_ROUND, "Sign": VN_SIGN,
  ]

  static let names: [String] =
    Array(plain.keys).sorted() + [
      "Clip", "LeakyRelu", "Elu", "Selu", "Celu", "ThresholdedRelu", "HardSigmoid", "Gelu", "Activation",
      "Swish",
    ]

  static func choose(_ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], x.type == .float32, let (op, a, b) = function(context) else {
      return nil
    }
    let kernel = UnaryKernel(function: op, a: a, b: b, count: x.shape.elementCount)
    return KernelChoice(
      kernel: kernel, operands: [(0, context.layouts[0])], outputLayout: context.layouts[0],
      worksInPlace: true,
      name: "elementwise")
  }

  private static func function(_ context: NodeContext) -> (vn_unary_op, Float, Float)? {
    let name = type(of: context.node.operation).name
    if let op = plain[name] { return (op, 0, 0) }
    switch name {
    case "Clip": return Activation.clipBounds(context.inputs).map { (VN_CLIP, $0.low, $0.high) }
    case "LeakyRelu": return (VN_LEAKY_RELU, context.float("alpha", default: 0.01), 0)
    case "Elu": return (VN_ELU, context.float("alpha", default: 1), 0)
    case "Celu": return (VN_CELU, context.float("alpha", default: 1), 0)
    case "Selu":
      return (VN_SELU, context.float("alpha", default: 1.6732632), context.float("gamma", default: 1.050701))
    case "ThresholdedRelu": return (VN_THRESHOLDED_RELU, context.float("alpha", default: 1), 0)
    case "HardSigmoid":
      return (VN_HARD_SIGMOID, context.float("alpha", default: 0.2), context.float("beta", default: 0.5))
    case "Swish": return (VN_SILU, context.float("alpha", default: 1), 0)
    case "Gelu":
      if case .string("tanh")? = context.attributes["approximate"] { return (VN_GELU_TANH, 0, 0) }
      return (VN_GELU, 0, 0)
    case "Activation":
      return (context.node.operation as? ActivationOperator).map { function(of: $0.activation) }
    default: return nil
    }
  }

  /// The kernel function of a fused activation.
  static func function(of activation: Activation?) -> (vn_unary_op, Float, Float) {
    switch activation {
    case nil: (VN_IDENTITY, 0, 0)
    case .relu?: (VN_RELU, 0, 0)
    case .clip(let low, let high)?: (VN_CLIP, low, high)
    case .leakyRelu(let alpha)?: (VN_LEAKY_RELU, alpha, 0)
    case .sigmoid?: (VN_SIGMOID, 0, 0)
    case .silu?: (VN_SILU, 1, 0)
    case .hardSigmoid(let alpha, let beta)?: (VN_HARD_SIGMOID, alpha, beta)
    case .hardSwish?: (VN_HARD_SWISH, 0, 0)
    case .tanh?: (VN_TANH, 0, 0)
    }
  }

  func run(_ context: borrowing KernelContext) {
    vn_unary(context.kernels, function, a, b, count, context.floats(0), context.floats(1), context.pool)
  }
}
