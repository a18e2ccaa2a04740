/// Nodes that one kernel computes.
struct StepGroup {
  /// Their numbers in the order of computation; the outputs of the last one remain.
  var nodes: [Int]
  /// Whether the result is there as soon as the operands are: what it names is their memory.
  var isAlias = false
  /// What a convolution does of the batch normalizations beside it.
  var normalization: NormalizationWork?
  /// What a batch normalization leaves to the convolutions beside it.
  var leaves = NormalizationSharing()
}
