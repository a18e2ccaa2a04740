import VisionNet
import VisionReport
import VisionSystem
import VisionTasks

/// The results of a detector's evaluation, for people.
struct DetectionResultsText {
  let results: DetectionResults

  var text: String { ([summary, "", classes, "", mistakes]).joined(separator: "\n") }

  private var summary: String {
    let metrics = results.metrics
    var rows: [[String]] = []
    for measure in DetectionMeasure.allCases {
      let interval = results.intervals?[measure].map {
        " (\(Self.percent($0.low)) to \(Self.percent($0.high)))"
      }
      rows.append([measure.rawValue, Self.percent(metrics.numbers[measure]) + (interval ?? "")])
    }
    if let best = metrics.confidence.best {
      rows.append([
        "best F1",
        "\(Self.percent(best.f1)) at confidence \(Numeral.fixed(best.confidence, 3)): precision \(Self.percent(best.precision)), recall \(Self.percent(best.recall))",
      ])
    }
    rows.append(["images", "\(metrics.images)"])
    let width = rows.map(\.[0].count).max() ?? 0
    return rows.map { row in row[0] + String(repeating: " ", count: width - row[0].count + 2) + row[1] }
      .joined(separator: "\n")
  }

  private var classes: String {
    var rows = [["class", "objects", "mAP50-95", "mAP50", "mAP75", "AR100"]]
    for part in results.metrics.perClass where part.truths > 0 || part.detections > 0 {
      rows.append(
        [part.label.escapingControls, "\(part.truths)"]
          + [.averagePrecision, .averagePrecision50, .averagePrecision75, .averageRecall100].map {
            Self.percent(part.numbers[$0])
          })
    }
    return TextTable.text(rows, numbers: [1, 2, 3, 4, 5])
  }

  private var mistakes: String {
    var rows = [["mistakes", "number", "mAP50 lost, points"]]
    for kind in DetectionMistake.Kind.allCases {
      let cost = results.mistakes.costs[kind].map { Numeral.fixed($0 * 100, 1) } ?? ""
      rows.append([kind.rawValue, "\(results.mistakes.count(kind))", cost])
    }
    return TextTable.text(rows, numbers: [1, 2])
  }

  private static func percent(_ share: Double?) -> String {
    share.map { "\(Numeral.fixed($0 * 100, 1)) %" } ?? "none"
  }
}
