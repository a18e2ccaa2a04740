/// How a plan computes convolutions.
public enum ConvolutionAlgorithm: String, Sendable, Hashable, CaseIterable {
  /// Whatever was measured to be faster for the extents: the default.
  case automatic
  /// Sums of products, always.
  case direct
  /// Winograd's algorithm wherever it applies: 3 × 3, no dilation, one group; stride 1, gradients too, or frozen weights, stride 2 and a
  /// multiple of 16 channels. And 7 × 7 with frozen weights, stride 2 and the three channels of pictures.
  ///
  /// It takes a quarter to a fifth of the products, four to seven times the memory for weights, and its rounding errors are up to
  /// seven times those of `direct`, at most 10⁻⁵ of the largest result. An input that is not finite spreads over its tile.
  /// Of bytes it takes eight times the memory for weights and rounds nothing: results are those of `direct`.
  case winograd
}
