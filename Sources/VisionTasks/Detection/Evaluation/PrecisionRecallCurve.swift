/// Precision over recall at one threshold of IoU, as pycocotools reads it: at 101 recalls, from 0 to 1.
public struct PrecisionRecallCurve: Sendable, Hashable, Codable {
  /// The least IoU of a detection that counts as right.
  public let iou: Double
  /// The largest precision at recall i / 100 or a larger one; 0 where it is not reached.
  public let precisions: [Double]
  /// The score of the detection with which recall i / 100 is reached; nil where it is not.
  public let confidences: [Double?]

  /// The mean of the precisions.
  public var averagePrecision: Double { precisions.reduce(0, +) / Double(max(precisions.count, 1)) }
}
