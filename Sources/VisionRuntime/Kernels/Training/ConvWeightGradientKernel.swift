import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// The gradient of a convolution over two spatial axes with respect to its weights, in the order of packed
/// weights.
struct ConvWeightGradientKernel: Kernel {
  private let conv: vn_conv
  private let isWinograd: Bool
  private let normalization: ConvNormalization?

  static func choose(_ op: ConvWeightGradient, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.image,
      let g = context.inputs[1]?.image,
      let conv = ConvKernel.convolution(Conv(window: op.window, groups: op.groups), x, g)
    else { return nil }
    let isWinograd = context.machine.prefersWinograd(
      conv, pays: vn_winograd_backward_weights_pays, applies: vn_winograd_applies_in_training)
    return KernelChoice(
      kernel: ConvWeightGradientKernel(
        conv: conv, isWinograd: isWinograd,
        normalization: ConvNormalization(context.group.normalization, behind: 3, channels: Int(conv.o))),
      operands: [(0, .channelsLast), (1, .channelsLast)],
      outputLayout: .filters(groups: op.groups), name: "conv backward weights")
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var conv = conv
    if isWinograd { return vn_winograd_backward_weights_scratch_floats(kernels, &conv, Int32(threads)) }
    if normalization != nil {
      return vn_conv_backward_weights_normalizing_scratch_floats(kernels, &conv, Int32(threads))
    }
    return vn_conv_backward_weights_scratch_floats(kernels, &conv, Int32(threads))
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    if isWinograd { return ConvolutionExplanation.winogradGradient("sums over transformed tiles") }
    return KernelExplanation(
      algorithm: "sums over pixels", details: normalization?.details ?? "",
      reason: "products of pixels of input and gradient are summed, in parts cut by shape")
  }

  func run(_ context: borrowing KernelContext) {
    var conv = conv
    if isWinograd {
      vn_winograd_backward_weights(
        context.kernels, &conv, context.floats(0), context.floats(1), context.floats(2), context.scratch,
        context.pool)
      return
    }
    if let normalization {
      normalization.withNormalization(context, operand: context.floats(0), scratch: context.scratch) {
        vn_conv_backward_weights_normalizing(
          context.kernels, &conv, $0, context.floats(1), context.floats(2), context.scratch, context.pool)
      }
      return
    }
    vn_conv_backward_weights(
      context.kernels, &conv, context.floats(0), context.floats(1), context.floats(2), context.scratch,
      context.pool)
  }
}

extension ConvWeightGradient: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? {
    ConvWeightGradientKernel.choose(self, context)
  }
}
