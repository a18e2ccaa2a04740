import CVisionKernels
import VisionGraph
import VisionTensor

/// g · f′ of each element; works in either layout and in place.
struct UnaryGradientKernel: Kernel {
  private let function: vn_unary_op
  private let a: Float
  private let b: Float
  private let count: Int

  /// The functions by the names of their gradients.
  private static let plain: [String: vn_unary_op] = [
    "ReluGradient": VN_RELU, "SigmoidGradient": VN_SIGMOID, "TanhGradient": VN_TANH, "ExpGradient": VN_EXP,
    "HardSwishGradient": VN_HARD_SWISH,
  ]

  static let names =
    Array(plain.keys).sorted() + [
      "ClipGradient", "LeakyReluGradient", "HardSigmoidGradient", "SwishGradient", "ActivationGradient",
    ]

  static func choose(_ context: NodeContext) -> KernelChoice? {
    guard let g = context.inputs[0], g.type == .float32, let (op, a, b) = function(context),
      vn_has_unary_gradient(op)
    else { return nil }
    let kernel = UnaryGradientKernel(function: op, a: a, b: b, count: g.shape.elementCount)
    // What lies channels last already stays so.
    let layout: Layout =
      g.shape.rank == 4 && context.layouts.prefix(2).contains(.channelsLast) ? .channelsLast : .rowMajor
    return KernelChoice(
      kernel: kernel, operands: [(0, layout), (1, layout)], outputLayout: layout, worksInPlace: true,
      name: "elementwise")
  }

  private static func function(_ context: NodeContext) -> (vn_unary_op, Float, Float)? {
    let name = type(of: context.node.operation).name
    if let op = plain[name] { return (op, 0, 0) }
    switch name {
    case "ClipGradient":
      let bounds = Activation.clipBounds(Array(context.inputs.dropFirst()))
      return bounds.map { (VN_CLIP, $0.low, $0.high) }
    case "LeakyReluGradient": return (VN_LEAKY_RELU, context.float("alpha", default: 0.01), 0)
    case "HardSigmoidGradient":
      return (VN_HARD_SIGMOID, context.float("alpha", default: 0.2), context.float("beta", default: 0.5))
    case "SwishGradient": return (VN_SILU, context.float("alpha", default: 1), 0)
    case "ActivationGradient":
      guard let gradient = context.node.operation as? UnaryGradient<ActivationOperator> else { return nil }
      switch gradient.function.activation {
      case .silu: return (VN_SILU, 1, 0)
      case .hardSwish: return (VN_HARD_SWISH, 0, 0)
      case .leakyRelu(let alpha): return (VN_LEAKY_RELU, alpha, 0)
      case .clip(let low, let high): return (VN_CLIP, low, high)
      case .hardSigmoid(let alpha, let beta): return (VN_HARD_SIGMOID, alpha, beta)
      // The others derive from the result here, and from the argument there.
      case .relu, .sigmoid, .tanh: return nil
      }
    default: return nil
    }
  }

  func run(_ context: borrowing KernelContext) {
    vn_unary_gradient(
      context.kernels, function, a, b, count, context.floats(0), context.floats(1), context.floats(2),
      context.pool)
  }
}
