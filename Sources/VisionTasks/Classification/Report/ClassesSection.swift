import VisionTraining
import VisionReport

/// The section of a report on the model's accuracy for each class.
struct ClassesSection {
  let metrics: ClassificationMetrics

  private static let shown = 25

  var section: ReportSection? {
    guard metrics.images > 0 else { return nil }
    let worst = metrics.perClass.enumerated().sorted {
      ($0.element.f1 ?? 2, $0.offset) < ($1.element.f1 ?? 2, $1.offset)
    }
    let rows = worst.map { _, item in
      "<td>\(Markup.name(item.label))</td><td class=\"n\">\(Numeral.count(item.images))</td>"
        + cell(item.precision, item.precisionInterval) + cell(item.recall, item.recallInterval)
        + cell(item.f1, item.f1Interval)
    }
    return ReportSection(
      id: "classes", title: "Each class",
      reading:
        "Precision: how many of those taken for the class are of it; recall: how many of its images were found; "
        + "F1 is high only where both are. The weakest class comes first; small figures are 95\u{a0}% intervals, wide where there "
        + "are few images.",
      body: ReportSection.foldedTable(
        ["class", "images", "precision", "recall", "F1"], rows, shown: Self.shown, style: "bars"))
  }

  private func cell(_ part: Double?, _ interval: WilsonInterval) -> String {
    guard let part else { return "<td class=\"n\">–</td>" }
    return "<td class=\"n bar\" style=\"--v:\(Numeral.fixed(part * 100, 1))%\">"
      + Numeral.percent(part, within: interval)
      + "<small>\(Numeral.fixed(interval.low * 100, 0))–\(Numeral.fixed(interval.high * 100, 0))</small></td>"
  }
}
