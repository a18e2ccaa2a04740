import CVisionKernels
import VisionGraph
import VisionTensor

/// Convolutions that follow one another, computed together.
struct ChainKernel: Kernel {
  private let chain: vn_chain
  private let order: vn_chain_order
  private let weights: [PackedWeights]
  private let biases: [Tensor?]
  private let hasResidual: Bool

  /// For nodes that `ConvolutionChains` found: weights and biases do not change, only the last one has a residual.
  static func choose(_ contexts: [NodeContext]) -> KernelChoice {
    let kernels = contexts[0].kernels
    let convolutions = contexts.map { context -> vn_conv in
      guard let fused = context.node.operation as? FusedConv,
        let conv = ConvKernel.convolution(
          of: fused, context.inputs, context.outputs[0], pitch: context.outputPitch)
      else { preconditionFailure("a chain is made of convolutions") }
      return conv
    }
    let weights = zip(contexts, convolutions).map { context, conv -> PackedWeights in
      guard let filters = context.filters else { preconditionFailure("a chain's weights do not change") }
      return ConvKernel.pack(conv, filters, context)
    }
    let biases = contexts.map { $0.inputs.count > 2 ? $0.frozen[2]?.aligned : nil }
    var operands: [(input: Int, layout: Layout)] = [(0, .channelsLast)]
    let last = contexts[contexts.count - 1]
    let hasResidual = (last.node.operation as? FusedConv)?.hasResidual == true
    if hasResidual {
      operands.append((contexts.dropLast().reduce(3) { $0 + $1.node.inputs.count }, .channelsLast))
    }
    let kernel = ChainKernel(
      chain: ConvolutionChains.chain(convolutions), order: ConvolutionChains.order(convolutions, kernels),
      weights: weights, biases: biases, hasResidual: hasResidual)
    return KernelChoice(kernel: kernel, operands: operands, outputLayout: .channelsLast, name: "chain")
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    var chain = chain
    return vn_chain_scratch_floats(kernels, &chain, order, Int32(threads))
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    let held = ConvolutionChains.convolutions(chain).reduce(0) { sum, conv in
      var conv = conv
      return sum + vn_conv_packed_floats(kernels, &conv) * 4
    }
    let constants = biases.reduce(0) { $0 + ($1.map { $0.elementCount * 4 } ?? 0) }
    return KernelExplanation(
      algorithm: order == VN_CHAIN_BY_ROWS ? "row by row" : "channels by channels",
      details: "\(chain.count) convolutions",
      reason: order == VN_CHAIN_BY_ROWS
        ? "what lies between is large: each row is used as soon as it is there"
        : "many channels of few pixels: a panel of channels goes through both while it is in the nearest cache",
      heldBytes: held + constants)
  }

  func run(_ context: borrowing KernelContext) {
    var chain = chain
    let residual = hasResidual ? UnsafePointer(context.floats(1)) : nil
    let y = context.floats(hasResidual ? 2 : 1)
    func packed(_ index: Int) -> UnsafePointer<Float> {
      weights[min(index, weights.count - 1)].floats
    }
    func bias(_ index: Int) -> UnsafePointer<Float>? {
      guard index < biases.count, let tensor = biases[index] else { return nil }
      return tensor.baseFloats
    }
    // Tuples, since a run allocates nothing.
    var allWeights = (packed(0), packed(1), packed(2))
    var allBiases = (bias(0), bias(1), bias(2))
    withUnsafeMutablePointer(to: &allWeights) { weights in
      weights.withMemoryRebound(to: UnsafePointer<Float>.self, capacity: 3) { weights in
        withUnsafeMutablePointer(to: &allBiases) { biases in
          biases.withMemoryRebound(to: UnsafePointer<Float>?.self, capacity: 3) { biases in
            vn_chain_run(
              context.kernels, &chain, order, context.floats(0), weights, biases, residual, y,
              context.scratch,
              context.pool)
          }
        }
      }
    }
  }
}
