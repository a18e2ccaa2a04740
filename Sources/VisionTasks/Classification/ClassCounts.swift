public import VisionData
public import VisionTraining
import VisionInference
import VisionSystem

/// Collects a classifier's predictions for images whose classes are known.
public struct ClassCounts: TaskEvaluator {
  private let labels: [String]
  private let threshold: Double?
  private var probabilities: [Float] = []
  private var classes: [Int] = []

  init(_ labels: [String], threshold: Double?) { (self.labels, self.threshold) = (labels, threshold) }

  public mutating func add(_ prediction: ClassScores, _ truth: ClassLabel) {
    probabilities += prediction.probabilities
    classes.append(truth.classes[0])
  }

  public mutating func merge(_ other: ClassCounts) {
    probabilities += other.probabilities
    classes += other.classes
  }

  /// The metrics of the predictions.
  public var metrics: ClassificationMetrics {
    ClassificationMetrics(
      probabilities: Matrix(rows: classes.count, columns: labels.count, elements: probabilities),
      labels: classes, names: labels, threshold: threshold)
  }

  public var scores: [Score] {
    let metrics = metrics
    return [Score(name: "top1", value: metrics.top1)]
      + (labels.count > 5 ? [Score(name: "top5", value: metrics.top5)] : [])
  }
}
