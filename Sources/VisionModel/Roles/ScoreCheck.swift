/// Looks at the numbers of one image: whether they are numbers, and whether they can be what they were taken for.
package struct ScoreCheck: Sendable {
  /// What is wrong with them.
  package enum Finding: Sendable, Hashable {
    /// NaN or infinity.
    case notFinite
    /// They were taken for logits, but are shares of one: they are probabilities already.
    case alreadyProbabilities
    /// Nothing says what they are, and they lie between 0 and 1: sigmoid's, or small logits.
    case cannotTell
    /// They were said to be probabilities, but one is below 0 or above 1.
    case noProbabilities
  }

  private let roles: ClassifierRoles

  package init(_ roles: ClassifierRoles) { self.roles = roles }

  /// - Parameters:
  ///   - probabilities: of one image, K.
  ///   - scores: what the network gave for them, where `ClassifierRoles.needsScores`; else empty.
  package func finding(_ probabilities: UnsafeBufferPointer<Float>, scores: UnsafeBufferPointer<Float>)
    -> Finding?
  {
    guard probabilities.allSatisfy(\.isFinite), scores.allSatisfy(\.isFinite) else { return .notFinite }
    switch roles.reading {
    case .logits:
      if Self.areShares(scores, within: roles.kind == .linear ? 1e-5 : 2e-3) { return .alreadyProbabilities }
      guard roles.isAssumed, case .unknown(_, let isTransformed) = roles.kind else { return nil }
      return isTransformed || scores.allSatisfy { (0...1).contains($0) } ? .cannotTell : nil
    case .independent, .positive:
      return probabilities.allSatisfy { (-1e-3...1.001).contains($0) } ? nil : .noProbabilities
    case .probabilities, .logProbabilities, .independentLogits, .positiveLogit: return nil
    }
  }

  /// Whether numbers lie between 0 and 1 and their sum is 1.
  private static func areShares(_ numbers: UnsafeBufferPointer<Float>, within tolerance: Double) -> Bool {
    var sum = 0.0
    for number in numbers {
      guard number >= -1e-6, number <= 1.000_001 else { return false }
      sum += Double(number)
    }
    return numbers.count > 1 && abs(sum - 1) <= tolerance
  }
}
