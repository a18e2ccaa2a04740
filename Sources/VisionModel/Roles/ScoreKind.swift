/// What the network itself reveals about the numbers of an output.
package enum ScoreKind: Sendable, Hashable {
  /// Shares of one: not negative, with a sum of 1 over the classes.
  case softmax
  /// The logarithms of such shares.
  case logSoftmax
  /// Each number is independently between 0 and 1.
  case sigmoid
  /// Unbounded numbers, such as the results of a linear layer.
  case linear
  /// Anything else: the results of an operator that does not show whether they are probabilities.
  ///
  /// `isTransformed`: they were computed from probabilities, so that softmax would be applied a second time.
  case unknown(operatorName: String, isTransformed: Bool)
}
