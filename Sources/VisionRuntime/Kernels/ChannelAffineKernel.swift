import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// activation(x · scale + shift) per channel, channels last or N×C.
struct ChannelAffineKernel: Kernel {
  private let rows: Int
  private let columns: Int
  private let scale: Tensor
  private let shift: Tensor
  private let function: (vn_unary_op, Float, Float)

  static func choose(_ affine: ChannelAffine, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0],
      let scale = context.frozen[1], let shift = context.frozen[2], x.shape.rank == 4 || x.shape.rank == 2,
      x.shape.elementCount > 0
    else { return nil }
    let columns = x.shape[1]
    let kernel = ChannelAffineKernel(
      rows: x.shape.elementCount / columns, columns: columns, scale: scale.aligned, shift: shift.aligned,
      function: UnaryKernel.function(of: affine.activation))
    let layout: Layout = x.shape.rank == 4 ? .channelsLast : .rowMajor
    return KernelChoice(
      kernel: kernel, operands: [(0, layout)], outputLayout: layout, worksInPlace: true,
      name: "channel affine")
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    KernelExplanation(heldBytes: (scale.elementCount + shift.elementCount) * 4)
  }

  func run(_ context: borrowing KernelContext) {
    vn_channel_affine(
      context.kernels, rows, columns, context.floats(0), Int64(columns), scale.baseFloats, shift.baseFloats,
      function.0, function.1, function.2, context.floats(1), Int64(columns), context.pool)
  }
}

extension ChannelAffine: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { ChannelAffineKernel.choose(self, context) }
}
