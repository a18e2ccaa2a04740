/// Counts predictions against what is true; a value, so that several can be counted apart and merged in order.
public protocol TaskEvaluator<Prediction, Truth>: Sendable {
  associatedtype Prediction
  associatedtype Truth
  mutating func add(_ prediction: Prediction, _ truth: Truth)
  /// Adds what another has counted behind what this one has.
  mutating func merge(_ other: Self)
  /// How good the predictions are; the first score says which epoch is best. The names do not depend on what was counted.
  var scores: [Score] { get }
}
