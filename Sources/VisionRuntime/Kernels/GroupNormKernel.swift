import CVisionKernels
import VisionSystem
import VisionTensor
package import VisionGraph

/// Normalization of groups of channels, each channel with its scale and bias.
struct GroupNormKernel: Kernel {
  private let samples: Int
  private let groups: Int
  /// The channels of one group.
  private let channels: Int
  private let plane: Int
  private let epsilon: Float

  static func choose(groups: Int?, epsilon: Float, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0], x.type == .float32, x.shape.rank >= 2, x.shape.elementCount > 0 else {
      return nil
    }
    let groups = groups ?? x.shape[1]
    let kernel = GroupNormKernel(
      samples: x.shape[0], groups: groups, channels: x.shape[1] / groups,
      plane: x.shape.dimensions.dropFirst(2).reduce(1, *), epsilon: epsilon)
    return KernelChoice(
      kernel: kernel, operands: [(0, .rowMajor), (1, .rowMajor), (2, .rowMajor)], outputLayout: .rowMajor,
      worksInPlace: true, name: "group norm")
  }

  func run(_ context: borrowing KernelContext) {
    vn_group_norm(
      context.kernels, samples, groups, channels, plane, epsilon, context.floats(0), context.floats(1),
      context.floats(2), context.floats(3), context.pool)
  }
}

extension GroupNormalization: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? {
    GroupNormKernel.choose(groups: groups, epsilon: epsilon, context)
  }
}
extension InstanceNormalization: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? {
    GroupNormKernel.choose(groups: nil, epsilon: epsilon, context)
  }
}
