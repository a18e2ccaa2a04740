import VisionNet

/// What `evaluate` and `train` say about the metrics of a classifier.
struct MetricsReport {
  let metrics: ClassificationMetrics

  /// The members of a JSON object.
  var members: [(String, JSON)] {
    [
      ("images", .integer(metrics.images)), ("classes", .integer(metrics.labels.count)),
      ("top1", .number(metrics.top1)), ("top5", .number(metrics.top5)), ("loss", .number(metrics.loss)),
      ("calibrationError", .number(metrics.calibrationError)),
      ("interval95", ["top1": Self.json(metrics.top1Interval), "top5": Self.json(metrics.top5Interval)]),
      (
        "threshold",
        metrics.threshold.map {
          [
            "value": .number($0.value), "rightKept": .number($0.rightKept),
            "wrongRejected": .number($0.wrongRejected),
          ]
        } ?? .null
      ),
      (
        "perClass",
        .array(
          metrics.perClass.map { item in
            [
              "label": .string(item.label), "images": .integer(item.images),
              "precision": Self.json(item.precision),
              "recall": Self.json(item.recall), "f1": Self.json(item.f1),
              "recallInterval95": Self.json(item.recallInterval),
            ]
          })
      ),
      ("labels", .array(metrics.labels.map { .string($0) })),
      (
        "confusion",
        .array(
          metrics.labels.indices.map { row in
            let count = metrics.labels.count
            return .array(metrics.confusion[row * count..<(row + 1) * count].map { .integer($0) })
          })
      ),
    ]
  }

  /// Figures and a table of the classes, the worst first.
  var text: String {
    var lines = [
      "pictures           \(metrics.images) of \(metrics.labels.count) classes",
      "top-1              \(Figures.percent(metrics.top1, metrics.top1Interval))",
      "top-5              \(Figures.percent(metrics.top5, metrics.top5Interval))",
      "loss               \(Figures.rounded(metrics.loss, 4))",
      "calibration error  \(Figures.percent(metrics.calibrationError))",
    ]
    if let threshold = metrics.threshold {
      lines.append(
        "unknown            below \(Figures.rounded(threshold.value, 4)): \(Figures.percent(threshold.rightKept)) of "
          + "the right answers kept, \(Figures.percent(threshold.wrongRejected)) of the wrong ones rejected")
    }
    let worst = metrics.perClass.sorted { ($0.f1 ?? 2) < ($1.f1 ?? 2) }
    let rows = worst.map { item in
      [FilePath(item.label).printable, "\(item.images)"]
        + [item.precision, item.recall, item.f1].map { $0.map(Figures.percent) ?? "–" }
    }
    lines += ["", TextTable.text([["class", "pictures", "precision", "recall", "F1"]] + rows)]
    let mistakes = metrics.confusions.prefix(5).map {
      "  \($0.images) × \(FilePath($0.actual).printable) taken for \(FilePath($0.predicted).printable)"
    }
    if !mistakes.isEmpty { lines += ["", "most frequent mistakes"] + mistakes }
    return lines.joined(separator: "\n")
  }

  private static func json(_ interval: WilsonInterval) -> JSON {
    .array([.number(interval.low), .number(interval.high)])
  }

  private static func json(_ number: Double?) -> JSON { number.map { .number($0) } ?? .null }
}
