/// The role of an operator in a network that computes with bytes.
public enum ByteRole: Sendable, Hashable {
  /// A convolution or matrix product of input 0 with fixed weights (input 1), whose output channels lie along
  /// an axis, and an optional fixed bias (input 2).
  case weighted(outputAxis: Int)
  /// Computes sums or means: the result has its own scale.
  case rescaled
  /// Only selects or moves elements, and also accepts uint8. The result has the scale of the float32 inputs;
  /// other inputs determine the positions.
  case moving
  /// Computes in floating point.
  case float

  /// The axis of the weights' output channels; nil without weights.
  var outputAxis: Int? {
    if case .weighted(let axis) = self { return axis }
    return nil
  }

  var isWeighted: Bool { outputAxis != nil }
}
