import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Successive convolutions, and poolings between them, that are computed together.
struct ChainKernel: Kernel {
  private let chain: vn_chain
  private let order: vn_chain_order
  /// Nil for a pooling.
  private let weights: [PackedWeights?]
  private let biases: [Tensor?]
  private let hasResidual: Bool

  /// The kernel for nodes that `ConvolutionChains` found: weights and biases are constant, and only the last
  /// node has a residual.
  static func choose(_ contexts: [NodeContext]) -> KernelChoice {
    let kernels = contexts[0].kernels
    let last = contexts.count - 1
    let stored = BFloat16Storage.Of(
      x: contexts[0].storage.halves.x, residual: contexts[last].storage.halves.residual,
      y: contexts[last].storage.halves.y)
    let members = contexts.enumerated().map { index, context -> ConvolutionChains.Member in
      if let pool = PoolKernel.convolution(
        of: context.node.operation, context.inputs, context.outputs)
      {
        return ConvolutionChains.Member(conv: pool, isPool: true)
      }
      guard let fused = context.node.operation as? FusedConv,
        var conv = ConvKernel.convolution(
          of: fused, context.inputs, context.outputs[0], pitch: context.storage.result.floatPitch)
      else { preconditionFailure("a chain is made of convolutions") }
      let own = BFloat16Storage.Of(
        x: index == 0 && stored.x, residual: index == last && stored.residual, y: index == last && stored.y)
      BFloat16ConvKernel.setStrides(&conv, own)
      return ConvolutionChains.Member(conv: conv, isBFloat16: fused.operands == .bfloat16)
    }
    let order = ConvolutionChains.order(members, kernels)
    let weights = zip(contexts, members).map { context, member -> PackedWeights? in
      if member.isPool { return nil }
      guard let filters = context.frozen.filters else {
        preconditionFailure("a chain's weights do not change")
      }
      if order == VN_CHAIN_BY_TILES { return ConvKernel.packWinograd(member.conv, filters, context) }
      guard member.isBFloat16 else { return ConvKernel.pack(member.conv, filters, context) }
      var rounded = vn_bconv()
      rounded.conv = member.conv
      return BFloat16ConvKernel.pack(rounded, filters, context)
    }
    let biases = contexts.map { $0.inputs.count > 2 ? $0.frozen[2]?.aligned : nil }
    var operands: [(input: Int, layout: Layout)] = [(0, .channelsLast)]
    let hasResidual = (contexts[last].node.operation as? FusedConv)?.hasResidual == true
    if hasResidual {
      operands.append((contexts.dropLast().reduce(3) { $0 + $1.node.inputs.count }, .channelsLast))
    }
    var chain = ConvolutionChains.chain(members)
    (chain.x_is_bf16, chain.residual_is_bf16, chain.y_is_bf16) = (stored.x, stored.residual, stored.y)
    let kernel = ChainKernel(
      chain: chain, order: order, weights: weights, biases: biases, hasResidual: hasResidual)
    return KernelChoice(
      kernel: kernel, operands: operands, outputLayout: .channelsLast,
      name: order == VN_CHAIN_BY_TILES
        ? "winograd" : members.contains { $0.isBFloat16 } ? "bf16 chain" : "chain")
  }

  /// Whether a chain that ends with this float32 node can round its result to bfloat16: only if it is
  /// depthwise.
  static func canRound(_ node: Graph.Node, in graph: Graph) -> Bool {
    guard (node.operation as? FusedConv)?.operands == .float32,
      let conv = ConvKernel.convolution(of: node, in: graph)
    else { return false }
    return conv.groups > 1 && conv.groups == conv.c && conv.c == conv.o && conv.o % 2 == 0
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var chain = chain
    return vn_chain_scratch_floats(kernels, &chain, order, Int32(threads))
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    if order == VN_CHAIN_BY_TILES {
      var explanation = ConvolutionExplanation.winograd(
        chain.conv.0, isFrozen: true, bias: biases[0], kernels: kernels)
      explanation.details += ", and the maxima of each"
      return explanation
    }
    let held = weights.reduce(0) { $0 + ($1?.byteCount ?? 0) }
    let poolings = weights.filter { $0 == nil }.count
    let constants = biases.reduce(0) { $0 + ($1.map { $0.elementCount * 4 } ?? 0) }
    return KernelExplanation(
      algorithm: order == VN_CHAIN_BY_ROWS ? "row by row" : "channels by channels",
      details: poolings == 0
        ? "\(chain.count) convolutions"
        : "\(Int(chain.count) - poolings == 1 ? "a convolution" : "2 convolutions") and a pooling",
      reason: order == VN_CHAIN_BY_ROWS
        ? "what lies between is large: each row is used as soon as it is there"
        : "many channels of few pixels: a panel of channels goes through both while it is in the nearest cache",
      heldBytes: held + constants)
  }

  func run(_ context: borrowing KernelContext) {
    var chain = chain
    let residual = hasResidual ? UnsafeRawPointer(context.pointers[1]) : nil
    let y = context.pointers[hasResidual ? 2 : 1]
    func packed(_ index: Int) -> UnsafePointer<Float>? {
      index < weights.count ? weights[index]?.floats : nil
    }
    func bias(_ index: Int) -> UnsafePointer<Float>? {
      guard index < biases.count, let tensor = biases[index] else { return nil }
      return tensor.baseFloats
    }
    // Tuples instead of arrays, since a run must not allocate.
    var allWeights = (packed(0), packed(1), packed(2))
    var allBiases = (bias(0), bias(1), bias(2))
    withUnsafeMutablePointer(to: &allWeights) { weights in
      weights.withMemoryRebound(to: UnsafePointer<Float>?.self, capacity: 3) { weights in
        withUnsafeMutablePointer(to: &allBiases) { biases in
          biases.withMemoryRebound(to: UnsafePointer<Float>?.self, capacity: 3) { biases in
            vn_chain_run(
              context.kernels, &chain, order, context.pointers[0], weights, biases, residual, y,
              context.scratch,
              context.pool)
          }
        }
      }
    }
  }
}
