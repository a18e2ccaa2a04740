import CVisionKernels
import VisionGraph
import VisionTensor

/// What a convolution, or the gradient of one, does of the batch normalizations beside it.
struct NormalizationWork {
  /// A normalization: `BatchNormalizationTraining` or `BatchNormalizationGradient`.
  struct Norm {
    /// Its number among the nodes.
    let node: Int
    let norm: vn_batch_norm
    let isGradient: Bool
  }

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

extension NormalizationWork.Norm {
  /// Nil where the node is no normalization of float32 with channels last.
  init?(_ index: Int, in graph: Graph) {
    let node = graph.nodes[index]
    let fact = graph.fact(node.outputs[0])
    guard fact.type == .float32, BatchNormKernel.layout(fact.shape) == .channelsLast else { return nil }
    self.node = index
    if let op = node.operation as? BatchNormalizationTraining {
      norm = BatchNormKernel.normalization(fact.shape, op.epsilon, ofBatch: true, op.clamp)
      isGradient = false
    } else if let op = node.operation as? BatchNormalizationGradient {
      norm = BatchNormKernel.normalization(fact.shape, op.epsilon, ofBatch: op.ofBatch, op.clamp)
      isGradient = true
    } else {
      return nil
    }
  }

  /// Whether the sums follow from what it reads, its x and its factors.
  func hasSums(in graph: Graph) -> Bool {
    guard let op = graph.nodes[node].operation as? BatchNormalizationGradient else { return true }
    return op.clamp == nil || !op.hasResidual
  }

  /// Whether a residual is added to its result.
  func adds(in graph: Graph) -> Bool {
    let operation = graph.nodes[node].operation
    return (operation as? BatchNormalizationTraining)?.hasResidual
      ?? (operation as? BatchNormalizationGradient)?.hasResidual ?? true
  }
}
