import VisionReport

/// The section of a detector's report on each class.
struct DetectionClassesSection {
  let report: DetectionReport

  private static let shown = 25

  var section: ReportSection? {
    let (metrics, intervals) = (report.results.metrics, report.results.intervals)
    let present = metrics.perClass.enumerated().filter { $0.element.truths > 0 || $0.element.detections > 0 }
    guard !present.isEmpty else { return nil }
    let worst = present.sorted { a, b in
      let (x, y) = (a.element.numbers[.averagePrecision] ?? 2, b.element.numbers[.averagePrecision] ?? 2)
      return (x, a.offset) < (y, b.offset)
    }
    let rows = worst.map { index, item in
      let interval = intervals?.perClass[index].map {
        "<small>\(Numeral.fixed($0.low * 100, 0))–\(Numeral.fixed($0.high * 100, 0))</small>"
      }
      return "<td>\(Markup.name(item.label))</td><td class=\"n\">\(Numeral.count(item.truths))</td>"
        + cell(item.numbers[.averagePrecision], interval ?? "") + cell(item.numbers[.averagePrecision50])
        + cell(item.numbers[.averagePrecision75]) + cell(item.confidence.best?.precision)
        + cell(item.confidence.best?.recall)
    }
    var body = ReportSection.foldedTable(
      ["class", "objects", "mAP50-95", "mAP50", "mAP75", "precision", "recall"], rows, shown: Self.shown,
      style: "bars")
    body += "<h3>By size</h3>" + sizes
    return ReportSection(
      id: "classes", title: "Each class",
      reading:
        "The weakest class comes first. Precision and recall are those of the class's own best F1, at an IoU of 0.5. "
        + "Small figures are 95\u{a0}% intervals, wide where there are few images.",
      body: body)
  }

  private var sizes: String {
    let numbers = report.results.metrics.numbers
    let rows = [
      (
        "small, up to 32 × 32 pixels of the image", DetectionMeasure.averagePrecisionSmall,
        .averageRecallSmall
      ),
      ("medium, up to 96 × 96 pixels", .averagePrecisionMedium, .averageRecallMedium),
      ("large", DetectionMeasure.averagePrecisionLarge, DetectionMeasure.averageRecallLarge),
    ].map { name, precision, recall in
      "<td>\(Markup.escaped(name))</td>" + cell(numbers[precision]) + cell(numbers[recall])
    }
    return ReportSection.table(["objects", "mAP50-95", "recall"], rows, style: "bars")
  }

  private func cell(_ part: Double?, _ interval: String = "") -> String {
    guard let part else { return "<td class=\"n\">–</td>" }
    return "<td class=\"n bar\" style=\"--v:\(Numeral.fixed(part * 100, 1))%\">"
      + "\(Numeral.percent(part, 1))\(interval)</td>"
  }
}
