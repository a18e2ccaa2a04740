/// Compares predictions with truths; a value type, so that parts can be evaluated alone and merged in order.
public protocol TaskEvaluator<Prediction, Truth>: Sendable {
  associatedtype Prediction
  associatedtype Truth
  mutating func add(_ prediction: Prediction, _ truth: Truth)
  /// Appends the predictions added to `other`.
  mutating func merge(_ other: Self)
  /// The scores of the predictions; the first one decides which epoch is best. Their names do not depend on
  /// the predictions.
  var scores: [Score] { get }
}
