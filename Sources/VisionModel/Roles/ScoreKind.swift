/// What the numbers of an output are, as far as the network itself tells.
package enum ScoreKind: Sendable, Hashable {
  /// Shares of one: not negative, and their sum over the classes is 1.
  case softmax
  /// Logarithms of such shares.
  case logSoftmax
  /// Each between 0 and 1 by itself.
  case sigmoid
  /// Numbers without bounds, as a linear layer gives them.
  case linear
  /// Something else: what an operator made that says nothing of probabilities.
  ///
  /// `isTransformed`: it was made of probabilities, which softmax would then be applied to a second time.
  case unknown(operatorName: String, isTransformed: Bool)
}
