public import VisionTraining

/// COCO's numbers of detections, of which the mean precision over ten overlaps decides.
public struct DetectionScores: TaskEvaluator {
  /// The detections and truths that were added.
  public private(set) var evaluation: DetectionEvaluation

  public init(classes: [String]) { evaluation = DetectionEvaluation(classes: classes) }

  /// Adds the detections in an image. What a truth must be, the task's `write` has checked; an image that could not be
  /// evaluated does not count.
  public mutating func add(_ prediction: [Detection], _ truth: BoxTruth) {
    let found = prediction.map {
      ScoredBox(classIndex: $0.index, score: Double($0.score), box: $0.box)
    }
    try? evaluation.add(DetectionSample(truths: truth.objects.map(\.trueBox), detections: found))
  }

  public mutating func merge(_ other: DetectionScores) { try? evaluation.merge(other.evaluation) }

  /// The numbers by their names in records; NaN where there are no objects.
  public var scores: [Score] {
    let numbers = evaluation.metrics().numbers
    return [DetectionMeasure.averagePrecision, .averagePrecision50, .averagePrecision75, .averageRecall100]
      .map {
        Score(name: $0.rawValue, value: numbers[$0] ?? .nan)
      }
  }
}
