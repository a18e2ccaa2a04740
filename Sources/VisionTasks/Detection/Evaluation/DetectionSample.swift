/// The boxes of an image: those that are there and those that were found.
public struct DetectionSample: Sendable, Hashable {
  public var truths: [TrueBox]
  /// In any order. Of those with equal scores the earlier one comes first, as in pycocotools.
  public var detections: [ScoredBox]

  public init(truths: [TrueBox], detections: [ScoredBox]) {
    (self.truths, self.detections) = (truths, detections)
  }
}
