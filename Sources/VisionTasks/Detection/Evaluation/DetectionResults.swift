package import VisionSystem

/// All that an evaluation of a detector gives, for records.
public struct DetectionResults: Sendable {
  public let metrics: DetectionMetrics
  /// Nil where none were asked for.
  public let intervals: DetectionIntervals?
  public let confusion: DetectionConfusion
  public let mistakes: DetectionMistakes

  /// - Parameters:
  ///   - confidence: the least score of detections in the confusion matrix; by default that of the best F1, and 0.25 where nothing is found.
  ///   - draws: how often images are drawn for the intervals; 0 for no intervals.
  ///   - threads: one per core by default.
  /// - Throws: `DetectionEvaluationError` with kind `invalidArgument`.
  public init(
    _ evaluation: DetectionEvaluation, confidence: Double? = nil, draws: Int = 1000, seed: UInt64 = 0,
    threads: Int? = nil
  ) throws(DetectionEvaluationError) {
    let matches = evaluation.matches(threads: threads)
    metrics = matches.metrics
    intervals = draws == 0 ? nil : try matches.intervals(draws: draws, seed: seed)
    confusion = try evaluation.confusion(
      confidence: confidence ?? metrics.confidence.best?.confidence ?? 0.25, threads: threads)
    mistakes = try evaluation.mistakes(threads: threads)
  }

  /// The members of a JSON object: `detectionMetrics` in docs/schema/records.json. Absent numbers of COCO's are -1, as pycocotools
  /// has them, and others null.
  package var members: [(String, JSON)] {
    let measures = DetectionMeasure.allCases
    return Self.members(metrics.numbers) + [
      ("images", .integer(metrics.images)), ("classes", .integer(metrics.perClass.count)),
      (
        "interval95",
        intervals.map { intervals in
          .object(measures.map { ($0.rawValue, Self.json(intervals[$0])) })
        } ?? .null
      ),
      (
        "precisionRecall",
        .object([
          ("iou", .array(MatchedBox.thresholds.map { .number($0) })),
          (
            "precision",
            .array(
              MatchedBox.thresholds.indices.map { Self.numbers(metrics.meanPrecisions(threshold: $0) ?? []) })
          ),
        ])
      ),
      ("confidence", Self.json(metrics.confidence, withPoints: true)),
      ("perClass", .array(metrics.perClass.indices.map(perClass))),
      ("labels", .array(metrics.perClass.map { .string($0.label) })), ("confusion", confusionJSON),
      ("errors", errors),
    ]
  }

  private func perClass(_ index: Int) -> JSON {
    let part = metrics.perClass[index]
    return .object(
      [
        ("label", .string(part.label)), ("objects", .integer(part.truths)),
        ("detections", .integer(part.detections)),
      ] + Self.members(part.numbers) + [
        ("interval95", Self.json(intervals?.perClass[index])),
        ("precision", Self.numbers(part.curves.first?.precisions ?? [])),
        ("confidence", Self.json(part.confidence, withPoints: false)),
      ])
  }

  private var confusionJSON: JSON {
    let side = confusion.classes + 1
    let rows = (0..<side).map { row in
      JSON.array(confusion.counts[row * side..<(row + 1) * side].map { .integer($0) })
    }
    return .object([
      ("confidence", .number(confusion.confidence)), ("iou", .number(confusion.iou)),
      ("counts", .array(rows)),
    ])
  }

  private var errors: JSON {
    let kinds = DetectionMistake.Kind.allCases
    return .object([
      ("iou", .number(mistakes.positive)), ("background", .number(mistakes.background)),
      ("mAP", Self.json(mistakes.averagePrecision)),
      ("counts", .object(kinds.map { ($0.rawValue, .integer(mistakes.count($0))) })),
      ("dAP", .object(kinds.map { ($0.rawValue, .number(mistakes.costs[$0] ?? 0)) })),
      ("dAPFalsePositives", .number(mistakes.falseAlarmCost)),
      ("dAPFalseNegatives", .number(mistakes.missCost)),
    ])
  }

  private static func members(_ numbers: DetectionNumbers) -> [(String, JSON)] {
    zip(DetectionMeasure.allCases, numbers.stats).map { ($0.rawValue, .number($1)) }
  }

  private static func json(_ curve: ConfidenceCurve, withPoints: Bool) -> JSON {
    let points: [(String, JSON)] = withPoints ? [("points", .array(curve.points.map(json)))] : []
    return .object([("iou", .number(curve.iou)), ("best", curve.best.map(json) ?? .null)] + points)
  }

  private static func json(_ point: ConfidenceCurve.Point) -> JSON {
    [
      "confidence": .number(point.confidence), "precision": json(point.precision),
      "recall": json(point.recall),
      "f1": json(point.f1),
    ]
  }

  private static func json(_ interval: BootstrapInterval?) -> JSON {
    interval.map { numbers([$0.low, $0.high]) } ?? .null
  }

  private static func json(_ number: Double?) -> JSON { number.map { .number($0) } ?? .null }

  private static func numbers(_ values: [Double]) -> JSON { .array(values.map { .number($0) }) }
}
