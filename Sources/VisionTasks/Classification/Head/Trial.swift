import VisionInference

/// A setting of the last layer, and its results on the held-back images.
struct Trial {
  let candidate: HeadTrainer.Candidate
  /// The mean cross-entropy.
  let loss: Double
  let top1: Double
  /// N×K.
  let logits: Matrix
  /// The standard error of the mean cross-entropy.
  private let standardError: Double

  /// Precondition: there is a label for each row, and at least one row.
  init(_ scaling: FeatureScaling, _ penalty: Double, _ logits: Matrix, _ labels: [Int]) {
    let losses = SoftmaxRows.losses(logits, labels: labels)
    let count = Double(losses.count)
    let mean = losses.reduce(0, +) / count
    let variance = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let right = labels.enumerated().count { row, label in logits.largest(inRow: row) == label }
    loss = mean
    top1 = Double(right) / count
    standardError = (variance / count).squareRoot()
    self.logits = logits
    candidate = HeadTrainer.Candidate(scaling: scaling, penalty: penalty, loss: loss, top1: top1)
  }

  /// The trial with the most right answers among those whose loss is within one standard error of the
  /// smallest; of equals, the one with the smallest loss. Trials whose loss is not finite are left out; nil
  /// when there is no other.
  static func best(_ trials: [Trial]) -> Trial? {
    let trials = trials.filter(\.loss.isFinite)
    guard let smallest = trials.min(by: { $0.loss < $1.loss }) else { return nil }
    return trials.filter { $0.loss <= smallest.loss + smallest.standardError }
      .min { (-$0.top1, $0.loss) < (-$1.top1, $1.loss) }
  }
}
