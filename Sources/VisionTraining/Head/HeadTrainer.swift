public import VisionCompute

/// Trains the last layer of a classifier on features: logistic regression whose penalty and scaling are chosen on
/// pictures that were held back.
///
/// When there are few of those, every picture to train on is held back once as well, in a round of cross-validation.
public struct HeadTrainer: Sendable {
  /// Features and their classes.
  public struct Examples: Sendable {
    /// N×E.
    public let features: Matrix
    /// N, each in 0..<K.
    public let labels: [Int]

    /// Precondition: there is one label a row.
    public init(features: Matrix, labels: [Int]) {
      precondition(features.rows == labels.count)
      self.features = features
      self.labels = labels
    }

    public var count: Int { labels.count }

    func selecting(_ indices: [Int]) -> Examples {
      Examples(features: features.selecting(indices), labels: indices.map { labels[$0] })
    }

    /// These examples, then `other`.
    public func appending(_ other: Examples) -> Examples {
      Examples(features: features.appending(other.features), labels: labels + other.labels)
    }
  }

  /// One setting that was tried.
  public struct Candidate: Sendable, Hashable {
    public let scaling: FeatureScaling
    /// λ.
    public let penalty: Double
    /// The mean cross-entropy on the held-back pictures; nil when there were none.
    public let loss: Double?
    /// The part of them that was classified right.
    public let top1: Double?
  }

  /// What was chosen.
  public struct Selection: Sendable {
    public let best: Candidate
    public let candidates: [Candidate]
    /// How many rounds of cross-validation the pictures to train on went through; 0 for none.
    public let folds: Int
    /// Temperature and threshold, fitted on the held-back pictures.
    public let calibration: Calibration
  }

  /// K.
  public let classes: Int
  /// The penalties to try, largest first.
  public var penalties = [3, 1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003]
  private let executor: Executor

  /// The penalty where nothing can be held back to choose it on.
  private static let standardPenalty = 0.1

  /// - Parameter classes: at least 2.
  public init(classes: Int, executor: Executor = Executor()) {
    self.classes = classes
    self.executor = executor
  }

  /// The head for one setting.
  public func fit(_ examples: Examples, scaling: FeatureScaling, penalty: Double) -> LinearHead {
    let regression = regression(examples, scaling)
    return regression.head(regression.fit(penalty: penalty, from: regression.start).point)
  }

  /// Tries the settings and keeps the one with the smallest cross-entropy on held-back pictures.
  ///
  /// Penalties are tried from the largest on, each starting from the weights of the one before, until two in a row
  /// have made it worse. When cancelled, what is left to try is left out.
  public func select(
    training: Examples, validation: Examples, isCancelled: () -> Bool = { false },
    report: (Candidate) -> Void = { _ in }
  ) -> Selection {
    let rounds = rounds(training, validation)
    let labels = rounds.flatMap(\.held.labels)
    guard !labels.isEmpty else {
      let only = Candidate(scaling: .common, penalty: Self.standardPenalty, loss: nil, top1: nil)
      report(only)
      return Selection(
        best: only, candidates: [only], folds: 0, calibration: Calibration(temperature: 1, threshold: nil))
    }
    var candidates: [Candidate] = []
    var best: (candidate: Candidate, loss: Double, logits: Matrix)?
    for scaling in FeatureScaling.allCases {
      var regressions = rounds.map { round in
        let regression = regression(round.training, scaling)
        return (regression, regression.start)
      }
      var smallest = Double.infinity
      var worse = 0
      for penalty in penalties where !isCancelled() {
        var logits = Matrix(rows: 0, columns: classes)
        for index in regressions.indices {
          let (regression, start) = regressions[index]
          let point = regression.fit(penalty: penalty, from: start).point
          regressions[index].1 = point
          logits = logits.appending(regression.head(point).logits(rounds[index].held.features, on: executor))
        }
        let loss = SoftmaxRows.loss(logits, labels: labels) / Double(labels.count)
        let candidate = Candidate(
          scaling: scaling, penalty: penalty, loss: loss, top1: Self.top1(logits, labels))
        report(candidate)
        candidates.append(candidate)
        if loss < best?.loss ?? .infinity { best = (candidate, loss, logits) }
        worse = loss < smallest ? 0 : worse + 1
        smallest = min(smallest, loss)
        if worse == 2 { break }
      }
    }
    let folds = rounds.count > 1 ? rounds.count - (validation.count > 0 ? 1 : 0) : 0
    guard let best else {
      let only = Candidate(scaling: .common, penalty: Self.standardPenalty, loss: nil, top1: nil)
      return Selection(
        best: only, candidates: candidates, folds: folds,
        calibration: Calibration(temperature: 1, threshold: nil))
    }
    return Selection(
      best: best.candidate, candidates: candidates, folds: folds,
      calibration: Calibration(logits: best.logits, labels: labels))
  }

  private func regression(_ examples: Examples, _ scaling: FeatureScaling) -> LogisticRegression {
    LogisticRegression(
      examples.features, labels: examples.labels, classes: classes, scaling: scaling, executor: executor)
  }

  private struct Round {
    let training: Examples
    let held: Examples
  }

  /// What is trained on and what is held back in each round.
  private func rounds(_ training: Examples, _ validation: Examples) -> [Round] {
    let whole = validation.count > 0 ? [Round(training: training, held: validation)] : []
    if validation.count >= max(100, 5 * classes) { return whole }
    var members = [[Int]](repeating: [], count: classes)
    for (index, label) in training.labels.enumerated() { members[label].append(index) }
    let largest = members.map(\.count).max() ?? 0
    // A class with one picture is trained on in every round.
    let folds = min(5, largest)
    guard folds > 1 else { return whole }
    var fold = [Int?](repeating: nil, count: training.count)
    for list in members where list.count > 1 {
      for (position, index) in list.enumerated() { fold[index] = position % folds }
    }
    let crossed = (0..<folds).map { number in
      Round(
        training: training.selecting(fold.indices.filter { fold[$0] != number }),
        held: training.selecting(fold.indices.filter { fold[$0] == number }))
    }
    return crossed + whole
  }

  private static func top1(_ logits: Matrix, _ labels: [Int]) -> Double {
    let right = labels.enumerated().count { row, label in
      let numbers = logits[row: row]
      return numbers.firstIndex(of: numbers.max() ?? 0) == numbers.startIndex + label
    }
    return Double(right) / Double(labels.count)
  }
}
