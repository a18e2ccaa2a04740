import Testing
import VisionData

@testable import VisionTasks

@Suite struct DetectionMetricsTests {
  private static let square = Box(x: 10, y: 20, width: 40, height: 50)

  private func evaluation(
    classes: Int = 1, _ samples: [(truths: [TrueBox], detections: [ScoredBox])]
  ) throws -> DetectionEvaluation {
    var evaluation = DetectionEvaluation(classes: (0..<classes).map { "class \($0)" })
    for sample in samples {
      try evaluation.add(DetectionSample(truths: sample.truths, detections: sample.detections))
    }
    return evaluation
  }

  private func truth(_ x: Double, _ side: Double = 40, crowd: Bool = false, ignored: Bool = false) -> TrueBox
  {
    TrueBox(
      classIndex: 0, box: Box(x: x, y: 0, width: side, height: side), isCrowd: crowd, isIgnored: ignored)
  }

  private func found(_ x: Double, _ score: Double, _ side: Double = 40) -> ScoredBox {
    ScoredBox(classIndex: 0, score: score, box: Box(x: x, y: 0, width: side, height: side))
  }

  @Test func whatIsFoundRightIsOneAndWhatIsNotThereIsAbsent() throws {
    let numbers = try evaluation(classes: 2, [([truth(0)], [found(0, 0.3)]), ([], [])]).metrics().numbers
    for measure in [
      DetectionMeasure.averagePrecision, .averagePrecision50, .averagePrecision75, .averagePrecisionMedium,
      .averageRecall1, .averageRecall10, .averageRecall100, .averageRecallMedium,
    ] {
      #expect(abs(try #require(numbers[measure]) - 1) < 1e-12)
    }
    #expect(numbers[.averagePrecisionSmall] == nil && numbers[.averageRecallLarge] == nil)
    #expect(numbers.stats[3] == -1 && numbers.stats.count == 12)
  }

  @Test func aFalseAlarmBeforeTheHitHalvesThePrecision() throws {
    let numbers = try evaluation([([truth(0)], [found(200, 0.9), found(0, 0.5)])]).metrics().numbers
    #expect(abs(try #require(numbers[.averagePrecision]) - 0.5) < 1e-12)
    // The best detection alone finds nothing.
    #expect(numbers[.averageRecall1] == 0 && numbers[.averageRecall10] == 1)
  }

  /// Shifted by 10 of 40: IoU 30 / 50 = 0.6, which reaches the thresholds 0.5, 0.55 and 0.6.
  @Test func thresholdsAreReachedByEqualNumbers() throws {
    #expect(truth(0).box.overlap(found(10, 1).box) == 0.6)
    let numbers = try evaluation([([truth(0)], [found(10, 0.5)])]).metrics().numbers
    #expect(abs(try #require(numbers[.averagePrecision]) - 0.3) < 1e-12)
    #expect(numbers[.averagePrecision75] == 0)
  }

  @Test func crowdsTakeAnyNumberOfDetectionsAndIgnoredObjectsOne() throws {
    let crowd = truth(200, 200, crowd: true)
    let inside = [found(210, 0.9), found(250, 0.8), found(300, 0.7)]
    let crowded = try evaluation([([truth(0), crowd], inside + [found(0, 0.1)])]).metrics()
    #expect(abs(try #require(crowded.numbers[.averagePrecision]) - 1) < 1e-12)
    #expect(crowded.perClass[0].truths == 1 && crowded.perClass[0].detections == 4)
    let twice = [found(200, 0.9), found(200, 0.8), found(0, 0.1)]
    let ignored = try evaluation([([truth(0), truth(200, ignored: true)], twice)]).metrics()
    #expect(abs(try #require(ignored.numbers[.averagePrecision]) - 0.5) < 1e-12)
  }

  @Test func areasAtALimitBelongToBothSides() throws {
    let numbers = try evaluation([
      ([truth(0, 32), truth(100, 96)], [found(0, 0.9, 32), found(100, 0.8, 96)])
    ])
    .metrics().numbers
    for measure in [
      DetectionMeasure.averageRecallSmall, .averageRecallMedium, .averageRecallLarge, .averagePrecisionSmall,
      .averagePrecisionLarge,
    ] {
      #expect(abs(try #require(numbers[measure]) - 1) < 1e-12)
    }
  }

  @Test func onlyTheHundredBestOfAnImageCount() throws {
    let many = (0..<100).map { found(1000 + 100 * Double($0), 0.5 + Double($0) / 1000) }
    let numbers = try evaluation([([truth(0)], many + [found(0, 0.4)])]).metrics().numbers
    #expect(numbers[.averageRecall100] == 0)
    let fewer = try evaluation([([truth(0)], many.dropLast() + [found(0, 0.4)])]).metrics().numbers
    #expect(fewer[.averageRecall100] == 1)
    #expect(abs(try #require(fewer[.averagePrecision]) - 0.01) < 1e-12)
  }

  @Test func theCurveSaysPrecisionAndConfidenceOfEachRecall() throws {
    let metrics = try evaluation([
      ([truth(0), truth(100)], [found(0, 0.9), found(300, 0.8), found(100, 0.7)])
    ])
    .metrics()
    let curve = metrics.perClass[0].curves[0]
    #expect(curve.iou == 0.5 && metrics.perClass[0].curves.map(\.iou)[9] == 0.95)
    #expect(curve.precisions[...50].allSatisfy { abs($0 - 1) < 1e-12 } && curve.precisions.count == 101)
    #expect(curve.precisions[51...].allSatisfy { abs($0 - 2.0 / 3) < 1e-12 })
    #expect(curve.confidences[50] == 0.9 && curve.confidences[51] == 0.7)
    #expect(
      metrics.meanPrecisions(threshold: 0) == curve.precisions && metrics.meanPrecisions(threshold: 10) == nil
    )
    #expect(curve.averagePrecision == metrics.perClass[0].numbers[.averagePrecision50])
  }

  @Test func theBestF1HasItsConfidence() throws {
    let boxes = [found(0, 0.9), found(300, 0.8), found(100, 0.7), found(400, 0.7), found(500, 0.2)]
    let curve = try evaluation([([truth(0), truth(100)], boxes)]).metrics().confidence
    // At 0.9: 2 / (1 + 2); at 0.8: 2 / (2 + 2); at 0.7: 4 / (4 + 2); at 0.2: 4 / (5 + 2).
    let best = try #require(curve.best)
    #expect(best.confidence == 0.9 && best.f1 == 2.0 / 3 && best.precision == 1 && best.recall == 0.5)
    #expect(curve.points.count == 101 && curve.points[70].f1 == 4.0 / 6 && curve.points[70].precision == 0.5)
    #expect(curve.points[20].f1 == 4.0 / 7 && curve.points[95].precision == nil && curve.points[95].f1 == 0)
    let none = try evaluation([([], boxes)]).metrics().confidence
    #expect(none.best == nil && none.points[0].recall == nil && none.points[0].precision == 0)
    let logits = try evaluation([([truth(0)], [found(0, -2), found(90, -3)])]).metrics().confidence
    #expect(logits.best?.confidence == -2)
  }

  @Test(arguments: [
    (Box(x: .nan, y: 0, width: 1, height: 1), DetectionEvaluationError.Kind.notFinite),
    (Box(x: 0, y: -.infinity, width: 1, height: 1), .notFinite),
    (Box(x: 0, y: 0, width: -1, height: 1), .negative), (Box(x: 0, y: 0, width: 1, height: -1e-9), .negative),
    (Box(x: 1e300, y: 0, width: 1, height: 1), .tooLarge),
    (Box(x: 0, y: 0, width: 1, height: 2e9), .tooLarge),
  ])
  func boxesThatCannotBeAreNamed(_ box: Box, _ kind: DetectionEvaluationError.Kind) throws {
    var evaluation = DetectionEvaluation(classes: ["a"])
    try evaluation.add(DetectionSample(truths: [], detections: []))
    let samples = [
      DetectionSample(truths: [truth(0), TrueBox(classIndex: 0, box: box, area: 1)], detections: []),
      DetectionSample(truths: [], detections: [ScoredBox(classIndex: 0, score: 1, box: box)]),
    ]
    for sample in samples {
      let error = try #require(throws: DetectionEvaluationError.self) { try evaluation.add(sample) }
      #expect(error.kind == kind && error.place?.hasPrefix("image 1, ") == true)
    }
    #expect(evaluation.samples.count == 1)
  }

  @Test func otherNumbersThatCannotBeAreNamed() throws {
    func kind(_ truths: [TrueBox], _ detections: [ScoredBox] = []) -> DetectionEvaluationError.Kind? {
      var evaluation = DetectionEvaluation(classes: ["a"])
      do throws(DetectionEvaluationError) {
        try evaluation.add(DetectionSample(truths: truths, detections: detections))
      } catch { return error.kind }
      return nil
    }
    #expect(kind([TrueBox(classIndex: 1, box: Self.square)]) == .label)
    #expect(kind([TrueBox(classIndex: -1, box: Self.square)]) == .label)
    #expect(kind([TrueBox(classIndex: 0, box: Self.square, area: .nan)]) == .notFinite)
    #expect(kind([TrueBox(classIndex: 0, box: Self.square, area: -1)]) == .negative)
    #expect(kind([], [ScoredBox(classIndex: 0, score: .nan, box: Self.square)]) == .notFinite)
    #expect(kind([], [ScoredBox(classIndex: 0, score: .infinity, box: Self.square)]) == .notFinite)
    #expect(kind([], [ScoredBox(classIndex: .max, score: 1, box: Self.square)]) == .label)
    // Sides whose product is 0.
    let tiny = Box(x: 0, y: 0, width: 1e-200, height: 1e-200)
    #expect(tiny.overlap(tiny) == 0 && tiny.overlap(Self.square, isCrowd: true) == 0)
    #expect(kind([TrueBox(classIndex: 0, box: tiny)]) == nil)

    let one = try evaluation([([truth(0)], [found(0, 1)])])
    let refusals: [() throws -> Void] = [
      { _ = try one.confusion(iou: 0) }, { _ = try one.confusion(iou: .nan) },
      { _ = try one.confusion(confidence: .nan) }, { _ = try one.mistakes(positive: 1.5) },
      { _ = try one.mistakes(positive: 0.1, background: 0.1) }, { _ = try one.mistakes(background: .nan) },
      { _ = try one.matches().intervals(draws: 0) }, { _ = try one.matches().intervals(draws: .max) },
    ]
    for refusal in refusals {
      let error = try #require(throws: DetectionEvaluationError.self) { try refusal() }
      #expect(error.kind == .invalidArgument && error.blame == .usage)
    }
    var other = DetectionEvaluation(classes: ["b"])
    #expect(throws: DetectionEvaluationError.self) { try other.merge(one) }
  }

  @Test func partsMergeInOrder() throws {
    let whole = try RandomDetections.set(7)
    var (first, second) = (
      DetectionEvaluation(classes: whole.classes), DetectionEvaluation(classes: whole.classes)
    )
    let half = whole.samples.count / 2
    for sample in whole.samples[..<half] { try first.add(sample) }
    for sample in whole.samples[half...] { try second.add(sample) }
    try first.merge(second)
    #expect(first.metrics() == whole.metrics())
  }

  @Test func nothingAtAllHasNoNumbers() throws {
    for classes in [0, 2] {
      let empty = try DetectionResults(evaluation(classes: classes, []), draws: 5)
      #expect(empty.metrics.numbers.stats == [Double](repeating: -1, count: 12))
      #expect(empty.mistakes.averagePrecision == nil && empty.confusion.counts.allSatisfy { $0 == 0 })
      #expect(empty.intervals?[.averagePrecision] == nil)
    }
  }
}
