/// What the range of an activation is chosen by: which numbers its 256 bytes can say.
public enum RangeMethod: String, Sendable, Hashable, CaseIterable {
  /// Everything that was seen.
  case minMax = "minmax"
  /// All but one in ten thousand, the furthest out.
  case percentile
  /// The range with the smallest mean square error, of rounding and of cutting off together.
  case mse

  /// The range for what was seen.
  func range(_ histogram: ActivationHistogram) -> ClosedRange<Float> {
    switch self {
    case .minMax: histogram.range
    case .percentile: histogram.range(without: 1e-4)
    case .mse: histogram.rangeOfLeastError
    }
  }
}
