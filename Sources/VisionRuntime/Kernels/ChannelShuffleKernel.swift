import CVisionKernels
import VisionSystem
import VisionTensor
package import VisionGraph

/// Channels of groups that become neighbors, pixel by pixel.
struct ChannelShuffleKernel: Kernel {
  private let pixels: Int
  private let groups: Int
  /// The channels of one group.
  private let channels: Int

  static func choose(_ op: ChannelShuffle, _ context: NodeContext) -> KernelChoice? {
    guard context.layouts[0] == .channelsLast, let image = context.inputs[0]?.image else {
      return CopyKernel.shuffle(op, context)
    }
    let kernel = ChannelShuffleKernel(
      pixels: image.n * image.h * image.w, groups: op.groups, channels: image.c / op.groups)
    return KernelChoice(
      kernel: kernel, operands: [(0, .channelsLast)], outputLayout: .channelsLast, name: "channel shuffle")
  }

  func run(_ context: borrowing KernelContext) {
    vn_shuffle_channels(pixels, groups, channels, context.floats(0), context.floats(1), context.pool)
  }
}

extension ChannelShuffle: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { ChannelShuffleKernel.choose(self, context) }
}
