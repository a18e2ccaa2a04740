/// A method of choosing the range of an activation: the interval that its 256 quantized values cover.
public enum RangeMethod: String, Sendable, Hashable, CaseIterable {
  /// From the smallest to the largest observed value.
  case minMax = "minmax"
  /// The range without the one in ten thousand values that are furthest from 0.
  case percentile
  /// The range with the smallest mean squared error, of rounding and clipping together.
  case mse

  /// The range for the observed values.
  func range(_ histogram: ActivationHistogram) -> ClosedRange<Float> {
    switch self {
    case .minMax: histogram.range
    case .percentile: histogram.range(without: 1e-4)
    case .mse: histogram.rangeOfLeastError
    }
  }
}
