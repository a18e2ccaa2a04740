/// A normalization into which the addition and the clamp after it can be fused.
protocol FusableNormalization: Operator {
  /// A clamp such as ReLU, whose derivative follows from the result.
  var clamp: Clamp? { get set }
  /// Whether the last input is added before the clamp.
  var hasResidual: Bool { get set }
}
