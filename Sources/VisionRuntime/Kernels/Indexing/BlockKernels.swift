import VisionGraph
import VisionTensor

/// Pixels moved into channels and back: copies of six axes, in the layout that the input has.
extension CopyKernel {
  static func depthToSpace(_ op: DepthToSpace, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.shape else { return nil }
    let (y, b, layout) = (context.outputs[0].shape, op.block, context.layouts[0])
    let (source, target) = (Strides.of(x, layout), Strides.of(y, layout))
    // How far apart the parts of a channel's number are: block row, block column, channel.
    let parts = op.mode == .blocksFirst ? [b * y[1], y[1], 1] : [b, 1, b * b]
    let axes: [(extent: Int, source: Int, target: Int)] = [
      (x[0], source[0], target[0]), (y[1], parts[2] * source[1], target[1]),
      (x[2], source[2], b * target[2]), (b, parts[0] * source[1], target[2]),
      (x[3], source[3], b * target[3]), (b, parts[1] * source[1], target[3]),
    ]
    return moved(axes, layout == .channelsLast ? [0, 2, 3, 4, 5, 1] : [0, 1, 2, 3, 4, 5], context)
  }

  static func spaceToDepth(_ op: SpaceToDepth, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.shape else { return nil }
    let (y, b, layout) = (context.outputs[0].shape, op.block, context.layouts[0])
    let (source, target) = (Strides.of(x, layout), Strides.of(y, layout))
    let axes: [(extent: Int, source: Int, target: Int)] = [
      (x[0], source[0], target[0]), (b, source[2], b * x[1] * target[1]), (b, source[3], x[1] * target[1]),
      (x[1], source[1], target[1]), (y[2], b * source[2], target[2]), (y[3], b * source[3], target[3]),
    ]
    return moved(axes, layout == .channelsLast ? [0, 4, 5, 1, 2, 3] : [0, 1, 2, 3, 4, 5], context)
  }

  /// - Parameter order: the axes as they are in the target's memory, outermost first.
  private static func moved(
    _ axes: [(extent: Int, source: Int, target: Int)], _ order: [Int], _ context: NodeContext
  ) -> KernelChoice {
    let part = Part(
      source: 0, target: 1, dimensions: order.map { axes[$0].extent },
      sourceStrides: order.map { axes[$0].source }, targetStrides: order.map { axes[$0].target })
    return KernelChoice(
      kernel: CopyKernel([part], type: context.outputs[0].type), operands: [(0, context.layouts[0])],
      outputLayout: context.layouts[0], name: "copy")
  }
}

extension DepthToSpace: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { CopyKernel.depthToSpace(self, context) }
}

extension SpaceToDepth: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { CopyKernel.spaceToDepth(self, context) }
}
