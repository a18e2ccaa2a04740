/// What the output of a network is compared with.
public enum BatchTarget: Sendable, Hashable {
  /// The class of each sample, int64 N.
  case classes
  /// The probability of each class, or whether each label applies: float32 of the output's shape.
  case distribution
  /// Numbers to be predicted: float32 of the output's shape.
  case values
}
