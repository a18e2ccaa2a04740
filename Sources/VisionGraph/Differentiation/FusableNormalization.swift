/// A normalization that can take the addition and the clamp after it.
protocol FusableNormalization: Operator {
  /// A clamp such as ReLU, whose derivative follows from the result.
  var clamp: Clamp? { get set }
  /// Whether the last input is added before the clamp.
  var hasResidual: Bool { get set }
}
