public import VisionInference
public import VisionCompute

/// Trains the last layer of a classifier on features: logistic regression whose penalty and scaling are
/// chosen on held-back images.
///
/// When there are few validation images, the training images are held back too, by cross-validation.
public struct HeadTrainer: Sendable {
  /// Features and their classes.
  public struct Examples: Sendable {
    /// N×E.
    public let features: Matrix
    /// N, each in 0..<K.
    public let labels: [Int]

    /// Precondition: there is one label per row.
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
    /// The mean cross-entropy on the held-back images; nil when there were none.
    public let loss: Double?
    /// The part of the held-back images that was classified right; nil when there were none.
    public let top1: Double?
  }

  /// What was chosen.
  public struct Selection: Sendable {
    public let best: Candidate
    public let candidates: [Candidate]
    /// The rounds of cross-validation over the training images; 0 for none.
    public let folds: Int
    /// Temperature and threshold, fitted on the held-back images.
    public let calibration: Calibration
    /// The held-back images and their logits N×K with the best setting. A position counts the training images
    /// first, then the validation images.
    public let heldBack: (positions: [Int], logits: Matrix)
  }

  /// K.
  public let classes: Int
  /// The penalties to try, largest first.
  public var penalties = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003]
  private let executor: Executor

  /// The penalty where no images can be held back to choose one.
  private static let standardPenalty = 0.1

  /// - Parameter classes: at least 2.
  public init(classes: Int, executor: Executor = Executor()) {
    self.classes = classes
    self.executor = executor
  }

  /// The head for one setting.
  ///
  /// - Parameter isCancelled: asked between steps of the search; true ends it early, with an unfinished head.
  public func fit(
    _ examples: Examples, scaling: FeatureScaling, penalty: Double, isCancelled: () -> Bool = { false }
  ) -> LinearHead {
    let regression = regression(examples, scaling)
    let found = regression.fit(penalty: penalty, from: regression.start, isCancelled: isCancelled)
    return regression.head(found.point)
  }

  /// Tries the settings and keeps the best one.
  ///
  /// Among the settings whose cross-entropy on the held-back images is within one standard error of the
  /// smallest, the one with the most right answers is best. Penalties are tried from the largest down, each
  /// starting from the weights of the one before, until two in a row are worse. `isCancelled` is asked
  /// between the steps of each search; true skips the remaining settings.
  public func select(
    training: Examples, validation: Examples, isCancelled: () -> Bool = { false },
    report: (Candidate) -> Void = { _ in }
  ) -> Selection {
    let rounds = rounds(training, validation)
    let labels = rounds.flatMap(\.held.labels)
    var trials: [Trial] = []
    for scaling in FeatureScaling.allCases where !labels.isEmpty {
      let regressions = rounds.map { regression($0.training, scaling) }
      var points = regressions.map(\.start)
      var (smallest, worse) = (Double.infinity, 0)
      for penalty in penalties where worse < 2 && !isCancelled() {
        var logits = Matrix(rows: 0, columns: classes)
        for (index, regression) in regressions.enumerated() {
          points[index] =
            regression.fit(penalty: penalty, from: points[index], isCancelled: isCancelled).point
          let head = regression.head(points[index])
          logits = logits.appending(head.logits(rounds[index].held.features, on: executor))
        }
        let trial = Trial(scaling, penalty, logits, labels)
        report(trial.candidate)
        trials.append(trial)
        worse = trial.loss < smallest ? 0 : worse + 1
        smallest = min(smallest, trial.loss)
      }
    }
    let folds = rounds.count - (validation.count > 0 ? 1 : 0)
    guard let best = Trial.best(trials) else {
      let only = Candidate(scaling: .common, penalty: Self.standardPenalty, loss: nil, top1: nil)
      if labels.isEmpty { report(only) }
      return Selection(
        best: only, candidates: [only], folds: 0, calibration: Calibration(temperature: 1, threshold: nil),
        heldBack: ([], Matrix(rows: 0, columns: classes)))
    }
    return Selection(
      best: best.candidate, candidates: trials.map(\.candidate), folds: folds,
      calibration: Calibration(logits: best.logits, labels: labels),
      heldBack: (rounds.flatMap(\.positions), best.logits))
  }

  private func regression(_ examples: Examples, _ scaling: FeatureScaling) -> LogisticRegression {
    LogisticRegression(
      examples.features, labels: examples.labels, classes: classes, scaling: scaling, executor: executor)
  }

  private struct Round {
    let training: Examples
    let held: Examples
    /// The positions of the held-back images, counting the training images first, then the validation images.
    let positions: [Int]
  }

  /// The training and held-back images of each round.
  private func rounds(_ training: Examples, _ validation: Examples) -> [Round] {
    let end = training.count + validation.count
    let last = Round(training: training, held: validation, positions: Array(training.count..<end))
    let whole = validation.count > 0 ? [last] : []
    if validation.count >= max(100, 5 * classes) { return whole }
    var members = [[Int]](repeating: [], count: classes)
    for (index, label) in training.labels.enumerated() { members[label].append(index) }
    let largest = members.map(\.count).max() ?? 0
    // The image of a class with a single image is trained on in every round.
    let folds = min(5, largest)
    guard folds > 1 else { return whole }
    var fold = [Int?](repeating: nil, count: training.count)
    for list in members where list.count > 1 {
      for (position, index) in list.enumerated() { fold[index] = position % folds }
    }
    let crossed = (0..<folds).map { number in
      let held = fold.indices.filter { fold[$0] == number }
      return Round(
        training: training.selecting(fold.indices.filter { fold[$0] != number }),
        held: training.selecting(held), positions: held)
    }
    return crossed + whole
  }
}
