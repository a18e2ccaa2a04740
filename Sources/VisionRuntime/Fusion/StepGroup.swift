/// Nodes that one kernel computes.
struct StepGroup {
  /// Their numbers in the order of computation; the outputs of the last one remain.
  var nodes: [Int]
  /// Whether the result needs no step because the operands were written directly to its memory.
  var isAlias = false
  /// The parts of neighboring batch normalizations that a convolution computes.
  var normalization: NormalizationWork?
  /// The work that a batch normalization leaves to neighboring convolutions.
  var leaves = NormalizationSharing()
}
