/// How a plan computes convolutions over two spatial axes; those over one, three or more are computed by im2col and GEMM.
///
/// What an algorithm does not apply to is computed directly, as are gradients unless Winograd's algorithm is named.
public enum ConvolutionAlgorithm: String, Sendable, Hashable, CaseIterable {
  /// Whatever was measured to be faster for the extents: the default.
  case automatic = "auto"
  /// The plain algorithm, which the others are compared with: the columns that the kernel's taps read are formed in blocks that stay
  /// in the cache, and multiplied by GEMM. Any number of spatial axes, groups and dilation; float32.
  ///
  /// Slower than the others: columns are copied, and images go through memory with their channels first.
  case im2col
  /// An implicit im2col: the micro-kernel of GEMM finds the columns through pointers, and none is stored. Depthwise convolutions
  /// are computed row by row.
  case direct
  /// Winograd's algorithm wherever it applies: 3 × 3, no dilation, one group; stride 1, gradients too, or frozen weights, stride 2 and a
  /// multiple of 16 channels. And 7 × 7 with frozen weights, stride 2 and the three channels of images.
  ///
  /// It takes a quarter to a fifth of the products, four to seven times the memory for weights, and its rounding errors are up to
  /// seven times those of `direct`, at most 10⁻⁵ of the largest result. An input that is not finite spreads over its tile.
  /// Of bytes it takes eight times the memory for weights and rounds nothing: results are those of `direct`.
  case winograd
}
