import VisionTensor

/// What of a node's inputs does not change between runs: constants and frozen weights.
struct FrozenInputs {
  /// By input; nil for what changes, or is not known as a whole.
  let tensors: [Tensor?]
  /// The weights of a convolution into which a BatchNormalization is yet to be folded, instead of `tensors[1]`.
  let foldedFilters: FrozenFilters?
  /// Where kernels keep them in an order of their own.
  let store: NodeWeights

  subscript(input: Int) -> Tensor? { tensors[input] }

  /// The weights of a convolution, if they do not change.
  var filters: FrozenFilters? {
    foldedFilters ?? tensors[1].map { FrozenFilters(weights: $0, factors: nil) }
  }
}
