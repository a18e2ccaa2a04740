import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// The gradient of a convolution over two spatial axes with respect to its input, channels last.
struct ConvInputGradientKernel: Kernel {
  private let conv: vn_conv
  private let isWinograd: Bool
  private let normalization: ConvNormalization?

  static func choose(_ op: ConvInputGradient, _ context: NodeContext) -> KernelChoice? {
    guard let g = context.inputs[0]?.image,
      let w = context.inputs[1], w.type == .float32, w.shape.rank == 4, let x = context.outputImage,
      let conv = ConvKernel.convolution(Conv(window: op.window, groups: op.groups), x, g)
    else { return nil }
    let isWinograd = context.machine.prefersWinograd(
      conv, pays: vn_conv_backward_data_winograd_pays, applies: vn_conv_backward_data_winograd_applies)
    return KernelChoice(
      kernel: ConvInputGradientKernel(
        conv: conv, isWinograd: isWinograd,
        normalization: ConvNormalization(context.group.normalization, behind: 3, channels: Int(conv.c))),
      operands: [(0, .channelsLast), (1, .filters(groups: op.groups))], outputLayout: .channelsLast,
      name: "conv backward data")
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var conv = conv
    return vn_conv_backward_data_scratch_floats(kernels, &conv, isWinograd, Int32(threads))
      + (normalization?.scratchFloats ?? 0)
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    if isWinograd { return ConvolutionExplanation.winogradGradient("turned and transformed weights") }
    return KernelExplanation(
      algorithm: "turned weights", details: normalization?.details ?? "",
      reason: "the forward kernel on turned weights, a convolution of stride 1 for each residue of the stride"
    )
  }

  func run(_ context: borrowing KernelContext) {
    var conv = conv
    if let normalization {
      normalization.withNormalization(context, operand: context.floats(0), scratch: context.scratch) {
        vn_conv_backward_data_normalizing(
          context.kernels, &conv, $0, context.floats(0), context.floats(1), context.floats(2),
          context.scratch + normalization.scratchFloats, context.pool)
      }
      return
    }
    vn_conv_backward_data(
      context.kernels, &conv, context.floats(0), context.floats(1), nil, context.floats(2), isWinograd,
      context.scratch, context.pool)
  }
}

extension ConvInputGradient: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? {
    ConvInputGradientKernel.choose(self, context)
  }
}
