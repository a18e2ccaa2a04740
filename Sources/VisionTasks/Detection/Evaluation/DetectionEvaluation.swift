import VisionCompute
import VisionData

/// Detections of images beside what these show: what all measures are computed from.
///
/// ```swift
/// var evaluation = DetectionEvaluation(classes: ["cat", "dog"])
/// try evaluation.add(DetectionSample(truths: truths, detections: detections))
/// let metrics = evaluation.metrics()
/// print(metrics.numbers[.averagePrecision] ?? -1)
/// ```
///
/// A value: parts can be collected apart and merged in order. Results do not depend on the number of threads.
public struct DetectionEvaluation: Sendable {
  /// The names of the classes.
  public let classes: [String]
  /// In the order in which they were added, which decides between detections with equal scores; pycocotools goes by the ids of
  /// the images.
  public private(set) var samples: [DetectionSample] = []

  /// No coordinate is further from 0, in pixels: sums and products of such numbers are finite, and no image is as large.
  static let limit = 1e9

  public init(classes: [String]) { self.classes = classes }

  /// Adds an image, also one without any box.
  ///
  /// - Throws: `DetectionEvaluationError`: `notFinite`, `negative`, `tooLarge` for boxes, areas and scores that cannot be, `label`
  ///   for a class that there is not. Nothing is added then.
  public mutating func add(_ sample: DetectionSample) throws(DetectionEvaluationError) {
    for (index, truth) in sample.truths.enumerated() {
      let place = "image \(samples.count), object \(index)"
      try check(truth.classIndex, truth.box, place)
      guard truth.area.isFinite else {
        throw DetectionEvaluationError(.notFinite, "the area is \(truth.area)", place: place)
      }
      guard truth.area >= 0 else {
        throw DetectionEvaluationError(.negative, "the area is \(truth.area)", place: place)
      }
    }
    for (index, detection) in sample.detections.enumerated() {
      let place = "image \(samples.count), detection \(index)"
      try check(detection.classIndex, detection.box, place)
      guard detection.score.isFinite else {
        throw DetectionEvaluationError(.notFinite, "the score is \(detection.score)", place: place)
      }
    }
    samples.append(sample)
  }

  private func check(_ classIndex: Int, _ box: Box, _ place: String) throws(DetectionEvaluationError) {
    guard classes.indices.contains(classIndex) else {
      throw DetectionEvaluationError(
        .label, "there is no class \(classIndex): there are \(classes.count), counted from 0", place: place)
    }
    let numbers = [box.x, box.y, box.width, box.height]
    guard numbers.allSatisfy(\.isFinite) else {
      throw DetectionEvaluationError(.notFinite, "the box \(numbers) is not finite", place: place)
    }
    guard box.width >= 0, box.height >= 0 else {
      throw DetectionEvaluationError(.negative, "the box \(numbers) has a side below 0", place: place)
    }
    guard numbers.allSatisfy({ $0.magnitude <= Self.limit }) else {
      throw DetectionEvaluationError(.tooLarge, "the box \(numbers) is larger than any image", place: place)
    }
  }

  /// Appends the images added to `other`.
  ///
  /// - Throws: `DetectionEvaluationError` with kind `label` unless the classes are the same.
  public mutating func merge(_ other: DetectionEvaluation) throws(DetectionEvaluationError) {
    guard other.classes == classes else {
      throw DetectionEvaluationError(.label, "the classes of the two parts are not the same")
    }
    samples += other.samples
  }

  /// The objects that must be found, and the detections, of each class.
  public var counts: [(truths: Int, detections: Int)] {
    var counts = [(truths: Int, detections: Int)](repeating: (0, 0), count: classes.count)
    for sample in samples {
      for truth in sample.truths where truth.counts { counts[truth.classIndex].truths += 1 }
      for detection in sample.detections { counts[detection.classIndex].detections += 1 }
    }
    return counts
  }

  /// The detections matched with the objects, class by class.
  ///
  /// - Parameter threads: one per core by default.
  public func matches(threads: Int? = nil) -> DetectionMatches { DetectionMatches(self, threads: threads) }

  /// COCO's numbers with curves, of all classes and of each.
  ///
  /// - Parameter threads: one per core by default.
  public func metrics(threads: Int? = nil) -> DetectionMetrics { matches(threads: threads).metrics }
}
