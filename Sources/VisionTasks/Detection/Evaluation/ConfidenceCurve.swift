/// Precision, recall and F1 of the detections whose scores reach a confidence, over that confidence.
public struct ConfidenceCurve: Sendable, Hashable, Codable {
  /// What holds at one confidence.
  public struct Point: Sendable, Hashable, Codable {
    public let confidence: Double
    /// The part of the detections that found an object; nil where there are no detections.
    public let precision: Double?
    /// The part of the objects that were found; nil where there are no objects.
    public let recall: Double?
    /// The harmonic mean of both, 2J / (D + G) for J found objects, D detections and G objects; nil where there are no objects.
    public let f1: Double?

    init(_ confidence: Double, hits: Int, detections: Int, truths: Int) {
      self.confidence = confidence
      precision = detections > 0 ? Double(hits) / Double(detections) : nil
      recall = truths > 0 ? Double(hits) / Double(truths) : nil
      f1 = truths > 0 ? 2 * Double(hits) / Double(detections + truths) : nil
    }
  }

  /// The least IoU of a detection that counts as right.
  public let iou: Double
  /// At the confidences i / 100, i from 0 to 100.
  public let points: [Point]
  /// Where F1 is largest; of equals, the largest confidence. Nil where nothing is found.
  public let best: Point?

  /// - Parameter outcomes: scores, and whether an object was found, the largest score first.
  init(_ outcomes: [(score: Double, isHit: Bool)], truths: Int, iou: Double) {
    self.iou = iou
    var best: Point?
    var points: [Point] = []
    var (hits, next) = (0, 0)
    for step in (0...100).reversed() {
      let confidence = Double(step) / 100
      while next < outcomes.count, outcomes[next].score >= confidence {
        Self.count(outcomes, &next, &hits, truths, &best)
      }
      points.append(Point(confidence, hits: hits, detections: next, truths: truths))
    }
    // Scores below 0 are none of probabilities; the best one may be among them all the same.
    while next < outcomes.count { Self.count(outcomes, &next, &hits, truths, &best) }
    (self.points, self.best) = (points.reversed(), best)
  }

  /// Counts one detection; after the last of those with the same score, compares with the best.
  private static func count(
    _ outcomes: [(score: Double, isHit: Bool)], _ next: inout Int, _ hits: inout Int, _ truths: Int,
    _ best: inout Point?
  ) {
    let outcome = outcomes[next]
    next += 1
    if outcome.isHit { hits += 1 }
    guard truths > 0, hits > 0, next == outcomes.count || outcomes[next].score < outcome.score else { return }
    let f1 = 2 * Double(hits) / Double(next + truths)
    if f1 > best?.f1 ?? 0 { best = Point(outcome.score, hits: hits, detections: next, truths: truths) }
  }
}
