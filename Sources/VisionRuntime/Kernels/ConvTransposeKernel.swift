import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// A transposed convolution over two spatial axes, channels last: the gradient of a convolution with respect to its input, plus a
/// bias.
struct ConvTransposeKernel: Kernel {
  private let conv: vn_conv
  private let hasBias: Bool

  static func choose(_ op: ConvTranspose, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.image, let w = context.inputs[1], w.type == .float32,
      let y = context.outputImage, x.n > 0,
      let window = op.convolution(from: context.outputs[0].shape, to: Shape([x.n, x.c, x.h, x.w])),
      let conv = ConvKernel.convolution(Conv(window: window, groups: op.groups), y, x)
    else { return nil }
    let hasBias = !context.isAbsent(2)
    return KernelChoice(
      kernel: ConvTransposeKernel(conv: conv, hasBias: hasBias),
      operands: [(0, .channelsLast), (1, .filters(groups: op.groups))] + (hasBias ? [(2, .rowMajor)] : []),
      outputLayout: .channelsLast, name: "conv transpose")
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var conv = conv
    return vn_conv_backward_data_scratch_floats(kernels, &conv, false, Int32(threads))
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    KernelExplanation(
      algorithm: "turned weights",
      reason: "the forward kernel on turned weights, a convolution of stride 1 for each residue of the stride"
    )
  }

  func run(_ context: borrowing KernelContext) {
    var conv = conv
    let y = context.floats(hasBias ? 3 : 2)
    vn_conv_backward_data(
      context.kernels, &conv, context.floats(0), context.floats(1), nil, y, false, context.scratch,
      context.pool)
    guard hasBias else { return }
    let columns = Int(conv.c)
    vn_binary(
      context.kernels, VN_ADD, Int(conv.n) * Int(conv.h) * Int(conv.w), columns,
      vn_operand(data: y, row: Int64(columns), column: 1),
      vn_operand(data: context.floats(2), row: 0, column: 1), y, Int64(columns), context.pool)
  }
}

extension ConvTranspose: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? {
    FrozenConvTransposeKernel.choose(self, context) ?? ConvTransposeKernel.choose(self, context)
      ?? TransposedColumnsKernel.choose(self, context)
  }
}
