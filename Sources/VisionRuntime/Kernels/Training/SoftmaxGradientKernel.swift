import CVisionKernels
import VisionGraph
import VisionTensor

/// The gradient of softmax, or of its logarithm, along one axis.
struct SoftmaxGradientKernel: Kernel {
  private let view: AxisView
  private let isLogarithm: Bool

  static func choose(_ function: some SoftmaxLike, _ context: NodeContext, isLogarithm: Bool) -> KernelChoice?
  {
    guard let g = context.inputs[0], g.type == .float32, g.shape.rank > 0, g.shape.elementCount > 0 else {
      return nil
    }
    let axis = function.axis < 0 ? function.axis + g.shape.rank : function.axis
    let kernel = SoftmaxGradientKernel(
      view: AxisView(g.shape, from: axis, through: axis), isLogarithm: isLogarithm)
    return KernelChoice(
      kernel: kernel, operands: [(0, .rowMajor), (1, .rowMajor)], outputLayout: .rowMajor, worksInPlace: true,
      name: "softmax backward")
  }

  func run(_ context: borrowing KernelContext) {
    vn_softmax_gradient(
      context.kernels, isLogarithm, view.outer, view.count, view.inner, context.floats(0), context.floats(1),
      context.floats(2), context.pool)
  }
}
