import CVisionKernels
import VisionGraph
import VisionTensor

/// Which convolutions, and gradients of convolutions with respect to their inputs, do parts of the batch normalizations
/// beside them: large tensors go through the cores' caches less often.
///
/// One that reads what a normalization gives computes it, pixel by pixel, before it reads it; one that gives what a
/// normalization reads sums it up for the statistics, or for their gradients, while it is in the cache. What only a
/// convolution and the gradient of its weights read is never in memory as a whole: both compute it.
struct NormalizedConvolutions {
  /// A normalization: `BatchNormalizationTraining` or `BatchNormalizationGradient`.
  struct Norm {
    /// Its number among the nodes.
    let node: Int
    let norm: vn_batch_norm
    let isGradient: Bool
  }

  /// What a convolution does.
  struct Part {
    /// The normalization whose result it computes, its first operand.
    var before: Norm?
    /// The normalization for which it sums up its result.
    var after: Norm?
    /// The normalization whose result it computes, the input of a convolution both of whose gradients it is.
    var input: Norm?
    /// The number of partial sums.
    var chunks = 0
    /// Whether the operand is written to memory too.
    var keepsOperand = true
  }

  /// By the numbers of the nodes of convolutions and their gradients.
  private(set) var parts: [Int: Part] = [:]
  /// The normalizations whose result a convolution computes.
  private(set) var deferred: Set<Int> = []
  /// Those of them whose result is in no memory.
  private(set) var recomputed: Set<Int> = []
  /// The normalizations for which a convolution sums up, with the number of partial sums.
  private(set) var chunks: [Int: Int] = [:]

  /// Whether a convolution has nothing to do with normalizations, and its result is in memory.
  func isApart(_ index: Int) -> Bool { parts[index] == nil && !recomputed.contains(index) }

  init() {}

  /// - Parameter isAvailable: whether the node with a number is a step of its own.
  init(
    in graph: Graph, kernels: OpaquePointer, algorithm: ConvolutionAlgorithm, isAvailable: (Int) -> Bool
  ) {
    let norms = graph.nodes.indices.compactMap { Self.norm(graph, $0) }
    guard !norms.isEmpty else { return }
    var producers: [Int: Int] = [:]
    var consumers: [Int: [Int]] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for output in node.outputs { producers[output.index] = index }
      for case let input? in node.inputs { consumers[input.index, default: []].append(index) }
    }
    let outputs = Set(graph.outputs.map(\.value.index))

    /// Whether a node computes a normalization's result again where it needs it.
    func recomputes(_ value: ValueID, _ index: Int) -> Bool {
      let node = graph.nodes[index]
      if let op = node.operation as? BatchNormalizationGradient {
        return !op.hasResidual && node.inputs.indices.allSatisfy { node.inputs[$0] != value || $0 == 6 }
      }
      if node.operation is ConvGradients {
        return node.inputs.indices.allSatisfy { (node.inputs[$0] == value) == ($0 == 2) }
      }
      return node.inputs[0] == value && node.inputs.dropFirst().allSatisfy { $0 != value }
        && Self.weightGradientNormalizes(graph, index, kernels, algorithm)
    }

    for norm in norms {
      let node = graph.nodes[norm.node]
      if let read = node.inputs[0], let producer = producers[read.index], isAvailable(producer),
        graph.nodes[producer].outputs[0] == read,
        let conv = Self.convolution(graph, producer, kernels, algorithm), Self.sums(norm, graph),
        conv.isGradient == norm.isGradient, conv.sumsResult
      {
        parts[producer, default: Part()].after = norm
      }
      let result = node.outputs[0]
      if !outputs.contains(result.index), let consumer = consumers[result.index]?.first,
        !Self.adds(norm, graph),
        graph.nodes[consumer].inputs[0] == result, isAvailable(consumer),
        let conv = Self.convolution(graph, consumer, kernels, algorithm), conv.isGradient == norm.isGradient,
        conv.normalizesOperand(kernels)
      {
        let others = (consumers[result.index] ?? []).dropFirst()
        // Both gradients of a convolution have only one reader of what they would keep: themselves.
        if conv.kind == .gradients, !others.isEmpty { continue }
        parts[consumer, default: Part()].before = norm
        deferred.insert(norm.node)
        if conv.kind == .gradients {
          recomputed.insert(norm.node)
          parts[consumer]?.keepsOperand = false
          continue
        }
        guard !norm.isGradient, others.allSatisfy({ isAvailable($0) && recomputes(result, $0) }) else {
          continue
        }
        recomputed.insert(norm.node)
        parts[consumer]?.keepsOperand = false
        for index in others {
          if graph.nodes[index].operation is ConvWeightGradient {
            parts[index] = Part(before: norm, keepsOperand: false)
          } else if graph.nodes[index].operation is ConvGradients {
            parts[index, default: Part()].input = norm
          }
        }
      }
    }
    for (index, part) in parts {
      guard let after = part.after, let conv = Self.convolution(graph, index, kernels, algorithm) else {
        continue
      }
      parts[index]?.chunks = conv.chunks(kernels, normalizes: part.before != nil)
      chunks[after.node] = parts[index]?.chunks
    }
  }

  /// Whether the sums of a normalization follow from what it reads, its x and its factors.
  private static func sums(_ norm: Norm, _ graph: Graph) -> Bool {
    guard let op = graph.nodes[norm.node].operation as? BatchNormalizationGradient else { return true }
    return op.clamp == nil || !op.hasResidual
  }

  private static func adds(_ norm: Norm, _ graph: Graph) -> Bool {
    let operation = graph.nodes[norm.node].operation
    return (operation as? BatchNormalizationTraining)?.hasResidual
      ?? (operation as? BatchNormalizationGradient)?.hasResidual ?? true
  }

  private static func norm(_ graph: Graph, _ index: Int) -> Norm? {
    let node = graph.nodes[index]
    let fact = graph.fact(node.outputs[0])
    guard fact.type == .float32, BatchNormKernel.layout(fact.shape) == .channelsLast else { return nil }
    if let op = node.operation as? BatchNormalizationTraining {
      return Norm(
        node: index, norm: BatchNormKernel.normalization(fact.shape, op.epsilon, ofBatch: true, op.clamp),
        isGradient: false)
    }
    if let op = node.operation as? BatchNormalizationGradient {
      return Norm(
        node: index,
        norm: BatchNormKernel.normalization(fact.shape, op.epsilon, ofBatch: op.ofBatch, op.clamp),
        isGradient: true)
    }
    return nil
  }

  /// A convolution that `vn_conv_run` computes, a gradient that `vn_conv_backward_data` computes, or both gradients as by
  /// `vn_conv_gradients`, and nothing else.
  private struct Convolution {
    enum Kind { case forward, inputGradient, gradients }

    var conv: vn_conv
    let kind: Kind
    var isGradient: Bool { kind != .forward }

    var sumsResult: Bool {
      var conv = conv
      return switch kind {
      case .forward: vn_conv_sums_result(&conv)
      case .inputGradient: vn_conv_backward_data_sums_result(&conv)
      case .gradients: true
      }
    }

    func normalizesOperand(_ kernels: OpaquePointer) -> Bool {
      var conv = conv
      return switch kind {
      case .forward: vn_conv_normalizes_operand(kernels, &conv)
      case .inputGradient: vn_conv_backward_data_normalizes_operand(kernels, &conv)
      case .gradients: true
      }
    }

    func chunks(_ kernels: OpaquePointer, normalizes: Bool) -> Int {
      var conv = conv
      return switch kind {
      case .forward: vn_conv_normalization_chunks(kernels, &conv, normalizes)
      case .inputGradient: vn_conv_backward_data_normalization_chunks(kernels, &conv, normalizes)
      case .gradients: vn_conv_gradients_chunks(kernels, &conv)
      }
    }
  }

  /// Whether the kernel of the gradient of a convolution's weights can compute the convolution's operand.
  private static func weightGradientNormalizes(
    _ graph: Graph, _ index: Int, _ kernels: OpaquePointer, _ algorithm: ConvolutionAlgorithm
  ) -> Bool {
    let node = graph.nodes[index]
    guard let op = node.operation as? ConvWeightGradient, let input = node.inputs[0],
      let gradient = node.inputs[1],
      let x = graph.fact(input).image, let g = graph.fact(gradient).image,
      var conv = ConvKernel.convolution(Conv(window: op.window, groups: op.groups), x, g),
      !algorithm.prefersWinograd(
        conv, kernels, pays: vn_winograd_backward_weights_pays, applies: vn_winograd_applies_in_training)
    else { return false }
    return vn_conv_backward_weights_normalizes_operand(kernels, &conv)
  }

  private static func convolution(
    _ graph: Graph, _ index: Int, _ kernels: OpaquePointer, _ algorithm: ConvolutionAlgorithm
  ) -> Convolution? {
    let node = graph.nodes[index]
    let output = graph.fact(node.outputs[0])
    let inputs = node.inputs.map { $0.map { graph.fact($0) } }
    if let fused = node.operation as? FusedConv {
      guard algorithm != .im2col, fused.activation == nil, !fused.hasResidual,
        inputs.dropFirst(2).allSatisfy({ $0 == nil }),
        let conv = ConvKernel.convolution(of: fused, inputs, output),
        !algorithm.prefersWinograd(
          conv, kernels, pays: vn_winograd_pays_in_training, applies: vn_winograd_applies_in_training)
      else { return nil }
      return Convolution(conv: conv, kind: .forward)
    }
    if let op = node.operation as? ConvGradients {
      guard let g = inputs[0]?.image, let x = output.image, output.type == .float32,
        var conv = ConvKernel.convolution(Conv(window: op.window, groups: op.groups), x, g),
        vn_conv_gradients_merge(kernels, &conv)
      else { return nil }
      return Convolution(conv: conv, kind: .gradients)
    }
    guard let op = node.operation as? ConvInputGradient, let g = inputs[0]?.image, let x = output.image,
      let w = inputs[1], w.type == .float32, w.shape.rank == 4,
      let conv = ConvKernel.convolution(Conv(window: op.window, groups: op.groups), x, g),
      !algorithm.prefersWinograd(
        conv, kernels, pays: vn_conv_backward_data_winograd_pays,
        applies: vn_conv_backward_data_winograd_applies)
    else { return nil }
    return Convolution(conv: conv, kind: .inputGradient)
  }
}
