import VisionReport
import VisionSystem

/// The section of a detector's report on precision, recall and the confidence between them.
struct PrecisionSection {
  let report: DetectionReport

  var section: ReportSection? {
    let metrics = report.results.metrics
    let curves = [(0, "IoU 0.5"), (5, "IoU 0.75"), (8, "IoU 0.9")].compactMap { threshold, name in
      metrics.meanPrecisions(threshold: threshold).map { precisions in
        LineChart.Series(name, precisions.enumerated().map { (Double($0) / 100, $1) })
      }
    }
    guard !curves.isEmpty else { return nil }
    let precision = LineChart(
      x: ChartAxis("recall", isPercent: true, range: 0...1),
      y: ChartAxis("precision", isPercent: true, range: 0...1), series: curves)
    func line(_ name: String, _ number: (ConfidenceCurve.Point) -> Double?) -> LineChart.Series {
      LineChart.Series(
        name,
        metrics.confidence.points.compactMap { point in number(point).map { (point.confidence, $0) } })
    }
    var confidence = LineChart(
      x: ChartAxis("confidence", range: 0...1), y: ChartAxis("share", isPercent: true, range: 0...1),
      series: [line("precision", \.precision), line("recall", \.recall), line("F1", \.f1)])
    if let best = metrics.confidence.best { confidence.marks = [.init(at: best.confidence, "best F1")] }
    var note = ""
    if let best = metrics.confidence.best, let f1 = best.f1 {
      note =
        "F1 is largest, \(Numeral.percent(f1, 1)), at a confidence of \(Numeral.fixed(best.confidence, 3))"
        + (report.confidence.map { "; the model names objects from \(Numeral.fixed($0, 2)) on." } ?? ".")
    }
    return ReportSection(
      id: "precision", title: "Precision and recall",
      reading:
        "Precision: the part of the boxes that are right; recall: the part of the objects that are found. A larger IoU "
        + "asks for better placed boxes. A lower confidence finds more, and more that is not there.",
      body: "<div class=\"charts\"><div>\(precision.figure)</div><div>\(confidence.figure)</div></div>"
        + "<p>\(Markup.escaped(note))</p>")
  }
}
