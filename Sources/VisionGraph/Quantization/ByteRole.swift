/// What an operator is to a network that computes on bytes.
public enum ByteRole: Sendable, Hashable {
  /// A convolution or matrix product of input 0 with fixed weights, input 1, whose output channels lie along an axis, and
  /// perhaps a fixed bias, input 2.
  case weighted(outputAxis: Int)
  /// Sums and means: the result has a scale of its own.
  case rescaled
  /// Only chooses or moves elements, of uint8 too: the result has the scale of its inputs of float32. Others say where
  /// elements go.
  case moving
  /// Computes in floating point.
  case float

  /// The axis of the output channels of the weights, where there are weights.
  var outputAxis: Int? {
    if case .weighted(let axis) = self { return axis }
    return nil
  }

  var isWeighted: Bool { outputAxis != nil }
}
