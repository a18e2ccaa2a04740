import VisionTasks
import VisionTraining
import VisionNet
import VisionSystem

/// The metrics of a classifier as `evaluate` and `train` write them.
struct MetricsReport {
  let metrics: ClassificationMetrics
  /// Which of the images the model saw in training, if that is known.
  var seen: SeenReport?

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
            "value": .number($0.value), "rightKept": Self.json($0.rightKept),
            "wrongRejected": Self.json($0.wrongRejected),
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

  /// The figures, and a table of the classes with the worst first.
  var text: String {
    let there = metrics.perClass.count { $0.images > 0 }
    let isAll = there == metrics.labels.count
    var lines = [
      "images           \(metrics.images) of \(there)\(isAll ? "" : " of the model's \(metrics.labels.count)") classes",
      "top-1              \(Figures.top1(metrics))",
    ]
    if let line = seen?.line { lines.append(line) }
    // With five classes or fewer, top-5 is always 100 %.
    if metrics.hasTop5 {
      lines.append("top-5              \(Figures.percent(metrics.top5, metrics.top5Interval))")
    }
    lines += [
      "loss               \(Figures.fixed(metrics.loss, 2 + metrics.top1Interval.places))",
      "calibration error  \(Figures.percent(metrics.calibrationError, within: metrics.top1Interval))",
    ]
    if let unknown { lines.append(unknown) }
    let worst = metrics.perClass.sorted { ($0.f1 ?? 2) < ($1.f1 ?? 2) }
    let rows = worst.map { item in
      let shares = [
        (item.precision, item.precisionInterval), (item.recall, item.recallInterval),
        (item.f1, item.f1Interval),
      ]
      return [FilePath(item.label).printable, "\(item.images)"]
        + shares.map { part, interval in part.map { Figures.percent($0, within: interval) } ?? "–" }
    }
    let head = ["class", "images", "precision", "recall", "F1"]
    lines += ["", TextTable.text([head] + rows, numbers: [1, 2, 3, 4])]
    let mistakes = metrics.confusions.prefix(5).map {
      "  \($0.images) × \(FilePath($0.actual).printable) taken for \(FilePath($0.predicted).printable)"
    }
    if !mistakes.isEmpty { lines += ["", "most frequent mistakes"] + mistakes }
    let left = metrics.confusions.dropFirst(mistakes.count).reduce(0) { $0 + $1.images }
    if left > 0 { lines.append("  … and \(left) more") }
    return lines.joined(separator: "\n")
  }

  /// How many right answers the threshold keeps and how many wrong ones it rejects, if there are any.
  private var unknown: String? {
    guard let threshold = metrics.threshold else { return nil }
    let wrong = metrics.images - metrics.right
    let parts = [
      threshold.rightKept.map { "\(Figures.percent($0, of: metrics.right)) of the right answers kept" },
      threshold.wrongRejected.map { "\(Figures.percent($0, of: wrong)) of the wrong ones rejected" },
    ]
    let text = parts.compactMap { $0 }.joined(separator: ", ")
    return "unknown            below \(Figures.rounded(threshold.value, 4))"
      + (text.isEmpty ? "" : ": \(text)")
  }

  private static func json(_ interval: WilsonInterval) -> JSON {
    .array([.number(interval.low), .number(interval.high)])
  }

  private static func json(_ number: Double?) -> JSON { number.map { .number($0) } ?? .null }
}
