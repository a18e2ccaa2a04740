import CVisionKernels
import VisionGraph
import VisionTensor

/// The parts of neighboring batch normalizations that a convolution, or the gradient of a convolution,
/// computes.
struct NormalizationWork {
  /// A normalization: `BatchNormalizationTraining` or `BatchNormalizationGradient`.
  struct Norm {
    /// Its number among the nodes.
    let node: Int
    let norm: vn_batch_norm
    let isGradient: Bool
  }

  /// The normalization whose result is the convolution's first operand, and is computed by the convolution.
  var before: Norm?
  /// The normalization that reads the convolution's result, whose sums the convolution computes.
  var after: Norm?
  /// For a step that computes both gradients of a convolution: the normalization whose result is that
  /// convolution's input, and is computed by the step.
  var input: Norm?
  /// The number of partial sums.
  var chunks = 0
  /// Whether the operand is written to memory too.
  var keepsOperand = true
}

extension NormalizationWork.Norm {
  /// Nil unless the node is a normalization of float32 with channels last.
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

  /// Whether the normalization's sums can be computed from its first operand, its x and its factors alone.
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
