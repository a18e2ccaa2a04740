import VisionCompute

/// Detections matched with objects, class by class, from which COCO's numbers, curves and intervals are computed.
public struct DetectionMatches: Sendable {
  /// The names of the classes.
  public let classes: [String]
  /// N.
  public let images: Int
  let perClass: [ClassMatches]
  private let counts: [(truths: Int, detections: Int)]
  let executor: Executor

  init(_ evaluation: DetectionEvaluation, threads: Int?) {
    let samples = evaluation.samples
    (classes, images, counts) = (evaluation.classes, samples.count, evaluation.counts)
    let executor = Executor(threads: threads)
    let matched = executor.results(samples.count) { ImageMatching(samples[$0], image: $0) }
    var perClass = [ClassMatches](repeating: ClassMatches(), count: evaluation.classes.count)
    for (image, part) in matched.enumerated() {
      for (index, box) in part.boxes { perClass[index].add(box) }
      for (index, count) in part.truths { perClass[index].add(count, image: image) }
    }
    let unsorted = perClass
    self.perClass = executor.results(unsorted.count) { index in
      var sorted = unsorted[index]
      sorted.sort()
      return sorted
    }
    self.executor = executor
  }

  /// COCO's numbers with curves, of all classes and of each.
  public var metrics: DetectionMetrics {
    let (perClass, classes, counts) = (perClass, classes, counts)
    let measured = executor.results(perClass.count) { index in
      DetectionMetrics.ClassMetrics(
        label: classes[index], truths: counts[index].truths, detections: counts[index].detections,
        numbers: perClass[index].numbers(), curves: perClass[index].curves,
        confidence: ConfidenceCurve(
          perClass[index].outcomes(at: 0), truths: perClass[index].truthCount(.all), iou: 0.5))
    }
    let outcomes = perClass.flatMap { $0.outcomes(at: 0) }
    return DetectionMetrics(
      images: images, numbers: DetectionNumbers(meanOf: measured.map(\.numbers)),
      confidence: ConfidenceCurve(
        outcomes.sorted { $0.score > $1.score }, truths: perClass.reduce(0) { $0 + $1.truthCount(.all) },
        iou: 0.5), perClass: measured)
  }
}
