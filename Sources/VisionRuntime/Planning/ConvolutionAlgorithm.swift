/// How a plan computes convolutions over two spatial axes. Convolutions over one, three or more are computed
/// by im2col and GEMM.
///
/// Convolutions that the algorithm does not apply to are computed by `direct`, as are gradients unless
/// `winograd` is chosen.
public enum ConvolutionAlgorithm: String, Sendable, Hashable, CaseIterable {
  /// The algorithm that was measured to be fastest for the extents: the default.
  case automatic = "auto"
  /// The plain algorithm, which the others are compared with. The columns that the kernel's taps read are
  /// copied in blocks that stay in the cache, and multiplied by GEMM. Supports any number of spatial axes,
  /// groups and dilation; float32 only.
  ///
  /// Slower than the others, because columns are copied and images are stored channels first.
  case im2col
  /// Implicit im2col: the GEMM micro-kernel finds the columns through pointers instead of storing them.
  /// Depthwise convolutions are computed row by row.
  case direct
  /// Winograd's algorithm wherever it applies, with one group:
  /// - 3 × 3 with stride 1, without dilation also for gradients;
  /// - 3 × 3 with stride 2, without dilation, with frozen weights and a multiple of 16 channels;
  /// - 7 × 7 with stride 2, without dilation, with frozen weights and the three channels of images.
  ///
  /// It needs a quarter to a fifth of the products and four to seven times the memory for weights. Its
  /// rounding errors are up to seven times those of `direct`, at most 10⁻⁵ of the largest result. An input
  /// that is not finite spreads over its tile. For 8-bit integers it needs eight times the memory for weights
  /// and rounds nothing: results equal those of `direct`.
  case winograd
}
