import CVisionKernels
import VisionGraph
import VisionTensor

/// The gradients of layer normalization over the innermost axes with respect to its argument and its scale.
struct LayerNormGradientKernel: Kernel {
  private let rows: Int
  private let columns: Int
  private let epsilon: Float

  static func choose(_ op: LayerNormalization.Gradient, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[1], let scale = context.inputs[2], x.type == .float32,
      x.shape.elementCount > 0
    else { return nil }
    let extents = Array(x.shape.dimensions[(op.axis < 0 ? op.axis + x.shape.rank : op.axis)...])
    let columns = extents.reduce(1, *)
    // A scale with other extents is repeated, and its gradient is a sum over the repetitions.
    guard scale.shape.elementCount == columns, Array(scale.shape.dimensions.suffix(extents.count)) == extents
    else { return nil }
    let kernel = LayerNormGradientKernel(
      rows: x.shape.elementCount / columns, columns: columns, epsilon: op.epsilon)
    return KernelChoice(
      kernel: kernel, operands: (0..<3).map { ($0, .rowMajor) }, outputLayout: .rowMajor, worksInPlace: true,
      name: "layer norm backward")
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    vn_layer_norm_gradient_scratch_floats(rows, columns)
  }

  func run(_ context: borrowing KernelContext) {
    vn_layer_norm_gradient(
      context.kernels, rows, columns, epsilon, context.floats(0), context.floats(1), context.floats(2),
      context.floats(3), context.floats(4), context.scratch, context.pool)
  }
}

extension LayerNormalization.Gradient: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? {
    LayerNormGradientKernel.choose(self, context)
  }
}
