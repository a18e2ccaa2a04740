/// How well a detector does on annotated images.
public struct DetectionMetrics: Sendable, Hashable {
  /// How well it does on one class.
  public struct ClassMetrics: Sendable, Hashable {
    public let label: String
    /// Objects that must be found, of any size.
    public let truths: Int
    /// Detections of any score.
    public let detections: Int
    /// COCO's numbers of the class.
    public let numbers: DetectionNumbers
    /// Precision over recall for objects of any size, at the ten thresholds of IoU; none where there is no object.
    public let curves: [PrecisionRecallCurve]
    /// Precision, recall and F1 over the confidence, at an IoU of 0.5.
    public let confidence: ConfidenceCurve
  }

  /// N.
  public let images: Int
  /// COCO's numbers: means over the classes.
  public let numbers: DetectionNumbers
  /// Precision, recall and F1 over the confidence for the detections of all classes together, at an IoU of 0.5.
  public let confidence: ConfidenceCurve
  /// In the order of the classes.
  public let perClass: [ClassMetrics]

  /// The mean of the classes' precision at recall i / 100, i from 0 to 100, at one of the ten thresholds of IoU; nil where
  /// there are no objects.
  public func meanPrecisions(threshold: Int) -> [Double]? {
    let curves = perClass.compactMap { $0.curves.indices.contains(threshold) ? $0.curves[threshold] : nil }
    guard let first = curves.first else { return nil }
    return first.precisions.indices.map { index in
      curves.reduce(0) { $0 + $1.precisions[index] } / Double(curves.count)
    }
  }
}
