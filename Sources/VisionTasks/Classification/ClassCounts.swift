public import VisionData
public import VisionTraining
public import VisionInference
import VisionSystem

/// Collects a classifier's predictions for images whose classes are known.
public struct ClassCounts: TaskEvaluator {
  private let labels: [String]
  private let threshold: Double?
  private var rows: [Float] = []
  private var classes: [Int] = []

  init(_ labels: [String], threshold: Double?) { (self.labels, self.threshold) = (labels, threshold) }

  public mutating func add(_ prediction: ClassScores, _ truth: ClassLabel) {
    rows += prediction.probabilities
    classes.append(truth.classes[0])
  }

  /// Adds predictions for several images, N×K.
  mutating func append(_ probabilities: Matrix, _ labels: [Int]) {
    rows += probabilities.elements
    classes += labels
  }

  public mutating func merge(_ other: ClassCounts) {
    rows += other.rows
    classes += other.classes
  }

  /// The probabilities, N×K, in the order in which the predictions were added.
  public var probabilities: Matrix { Matrix(rows: classes.count, columns: labels.count, elements: rows) }

  /// The metrics of the predictions.
  public var metrics: ClassificationMetrics {
    ClassificationMetrics(probabilities: probabilities, labels: classes, names: labels, threshold: threshold)
  }

  public var scores: [Score] {
    let metrics = metrics
    return [Score(name: "top1", value: metrics.top1)]
      + (labels.count > 5 ? [Score(name: "top5", value: metrics.top5)] : [])
  }
}
