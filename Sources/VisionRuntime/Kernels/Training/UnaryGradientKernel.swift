import CVisionKernels
import VisionGraph
import VisionTensor

/// g · f′ for each element; works in either layout and in place.
struct UnaryGradientKernel: Kernel {
  private let function: vn_unary_op
  private let a: Float
  private let b: Float
  private let count: Int

  /// The kernel for the gradient of a function of each element.
  static func choose(_ context: NodeContext) -> KernelChoice? {
    guard let gradient = context.node.operation as? any ElementwiseGradient,
      let (op, a, b) = gradient.differentiated(context.inputs)?.kernel, vn_has_unary_gradient(op),
      let g = context.inputs[0], g.type == .float32
    else { return nil }
    let kernel = UnaryGradientKernel(function: op, a: a, b: b, count: g.shape.elementCount)
    // Values that are already channels last remain so.
    let layout: Layout =
      g.shape.rank == 4 && context.layouts.prefix(2).contains(.channelsLast) ? .channelsLast : .rowMajor
    return KernelChoice(
      kernel: kernel, operands: [(0, layout), (1, layout)], outputLayout: layout, worksInPlace: true,
      name: "elementwise")
  }

  func run(_ context: borrowing KernelContext) {
    vn_unary_gradient(
      context.kernels, function, a, b, count, context.floats(0), context.floats(1), context.floats(2),
      context.pool)
  }
}
