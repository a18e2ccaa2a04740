import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Both gradients of a 1×1 or depthwise convolution in one walk over its pixels.
struct ConvGradientsKernel: Kernel {
  private let conv: vn_conv
  private let normalization: ConvNormalization?

  static func choose(_ op: ConvGradients, _ context: NodeContext) -> KernelChoice? {
    guard let g = context.inputs[0]?.image,
      let x = context.inputs[2]?.image, context.inputs[0]?.type == .float32,
      var conv = ConvKernel.convolution(Conv(window: op.window, groups: op.groups), x, g),
      vn_conv_gradients_merge(context.kernels, &conv)
    else { return nil }
    return KernelChoice(
      kernel: ConvGradientsKernel(
        conv: conv,
        normalization: ConvNormalization(context.group.normalization, behind: 5, channels: Int(conv.c))),
      operands: [(0, .channelsLast), (1, .filters(groups: op.groups)), (2, .channelsLast)],
      outputLayout: .channelsLast, laterLayout: .filters(groups: op.groups), name: "conv backward")
  }

  /// Whether both gradients of a convolution can be computed in one step; with `whereItPays`, also whether
  /// this is faster.
  ///
  /// - Parameter node: the node of the gradient with respect to the weights.
  static func merges(
    _ node: Graph.Node, in graph: Graph, _ kernels: OpaquePointer, whereItPays: Bool
  ) -> Bool {
    guard let op = node.operation as? ConvWeightGradient, let x = node.inputs[0].map({ graph.fact($0) }),
      let g = node.inputs[1].flatMap({ graph.fact($0).image }), let image = x.image, x.type == .float32,
      var conv = ConvKernel.convolution(Conv(window: op.window, groups: op.groups), image, g)
    else { return false }
    return vn_conv_gradients_merge(kernels, &conv)
      && (!whereItPays || vn_conv_gradients_merging_pays(kernels, &conv))
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var conv = conv
    return vn_conv_gradients_scratch_floats(kernels, &conv, Int32(threads))
      + (normalization?.scratchFloats ?? 0)
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    KernelExplanation(
      algorithm: "one walk", details: normalization?.details ?? "",
      reason: "what the gradients of input and weights both read comes from memory once")
  }

  func run(_ context: borrowing KernelContext) {
    var conv = conv
    guard let normalization else {
      vn_conv_gradients(
        context.kernels, &conv, nil, nil, context.floats(2), context.floats(0), context.floats(1),
        context.floats(3), context.floats(4), context.scratch, context.pool)
      return
    }
    normalization.withNormalizations(context, scratch: context.scratch) {
      vn_conv_gradients(
        context.kernels, &conv, $0, $1, context.floats(2), context.floats(0), context.floats(1),
        context.floats(3), context.floats(4), context.scratch + normalization.scratchFloats, context.pool)
    }
  }
}

extension ConvGradients: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { ConvGradientsKernel.choose(self, context) }
}
