/// Checks the numbers for one image: whether they are finite, and whether they fit their interpretation.
package struct ScoreCheck: Sendable {
  /// A problem with the numbers.
  package enum Finding: Sendable, Hashable {
    /// NaN or infinity.
    case notFinite
    /// They were interpreted as logits, but they sum to 1 and so are already probabilities.
    case alreadyProbabilities
    /// Their meaning is unknown, and they are in 0...1: they may come from sigmoid or be small logits.
    case cannotTell
    /// They were declared to be probabilities, but one is below 0 or above 1.
    case noProbabilities
  }

  private let roles: ClassifierRoles

  package init(_ roles: ClassifierRoles) { self.roles = roles }

  /// - Parameters:
  ///   - probabilities: the K probabilities for one image.
  ///   - scores: the network's numbers for that image if `ClassifierRoles.needsScores`, otherwise empty.
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

  /// Whether all numbers are in 0...1 and their sum is 1.
  private static func areShares(_ numbers: UnsafeBufferPointer<Float>, within tolerance: Double) -> Bool {
    var sum = 0.0
    for number in numbers {
      guard number >= -1e-6, number <= 1.000_001 else { return false }
      sum += Double(number)
    }
    return numbers.count > 1 && abs(sum - 1) <= tolerance
  }
}
