import VisionTensor
package import VisionGraph

/// The operators that move channels.
extension CopyKernel {
  /// Blocks of pixels made of channels, in either layout.
  static func depthToSpace(_ op: DepthToSpace, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.shape, x.rank == 4 else { return nil }
    let (y, b, layout) = (context.outputs[0].shape, op.block, context.layouts[0])
    let (from, to) = (Strides.of(x, layout), Strides.of(y, layout))
    // Channel numbers are made of channel, block row and block column.
    let parts = op.mode == .channelsFirst ? [b * b, b, 1] : [1, b * y[1], y[1]]
    let axes = [
      Axis(y[0], from[0], to[0]), Axis(y[1], parts[0] * from[1], to[1]), Axis(x[2], from[2], b * to[2]),
      Axis(b, parts[1] * from[1], to[2]), Axis(x[3], from[3], b * to[3]), Axis(b, parts[2] * from[1], to[3]),
    ]
    return choice(axes, layout, context)
  }

  /// Channels made of blocks of pixels, in either layout.
  static func spaceToDepth(_ op: SpaceToDepth, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.shape, x.rank == 4 else { return nil }
    let (y, b, layout) = (context.outputs[0].shape, op.block, context.layouts[0])
    let (from, to) = (Strides.of(x, layout), Strides.of(y, layout))
    let axes = [
      Axis(x[0], from[0], to[0]), Axis(b, from[2], b * x[1] * to[1]), Axis(b, from[3], x[1] * to[1]),
      Axis(x[1], from[1], to[1]), Axis(y[2], b * from[2], to[2]), Axis(y[3], b * from[3], to[3]),
    ]
    return choice(axes, layout, context)
  }

  /// Channels of groups that become neighbors, plane by plane.
  static func shuffle(_ op: ChannelShuffle, _ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0]?.shape, x.rank == 4 else { return nil }
    let (size, strides) = (x[1] / op.groups, x.strides)
    let axes = [
      Axis(x[0], strides[0], strides[0]), Axis(size, strides[1], op.groups * strides[1]),
      Axis(op.groups, size * strides[1], strides[1]), Axis(x[2] * x[3], 1, 1),
    ]
    return choice(axes, .rowMajor, context)
  }

  /// A loop over elements: how many, and the distances between them.
  private struct Axis {
    let count: Int
    let source: Int
    let target: Int

    init(_ count: Int, _ source: Int, _ target: Int) {
      self.count = count
      self.source = source
      self.target = target
    }
  }

  /// The longest loop is the innermost one, since each line costs as much as several elements.
  private static func choice(_ axes: [Axis], _ layout: Layout, _ context: NodeContext) -> KernelChoice {
    var axes = axes
    let longest = axes.indices.max { axes[$0].count < axes[$1].count } ?? 0
    axes.append(axes.remove(at: longest))
    let part = Part(
      source: 0, target: 1, dimensions: axes.map(\.count), sourceStrides: axes.map(\.source),
      targetStrides: axes.map(\.target))
    return KernelChoice(
      kernel: CopyKernel([part], type: context.outputs[0].type), operands: [(0, layout)],
      outputLayout: layout,
      name: "copy")
  }
}

extension DepthToSpace: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { CopyKernel.depthToSpace(self, context) }
}
extension SpaceToDepth: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { CopyKernel.spaceToDepth(self, context) }
}
