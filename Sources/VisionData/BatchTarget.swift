/// What the loss compares the prediction with.
public enum BatchTarget: Sendable, Hashable {
  /// The class of each row, int64 N.
  case classes
  /// The probability of each class, or of each label: float32 of the prediction's shape.
  case distribution
  /// Numbers to predict: float32 of the prediction's shape.
  case values
}
