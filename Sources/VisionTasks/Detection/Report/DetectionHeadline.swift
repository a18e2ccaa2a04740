import VisionData
import VisionReport

/// The beginning of a detector's report: what was done, and how good the result is.
struct DetectionHeadline {
  let report: DetectionReport

  var html: String {
    var text = "<header><h1>\(Markup.name(report.title))</h1>\n"
    text += "<p class=\"lead\">\(Markup.escaped(report.summary))</p>\n" + verdict
    text += "<div class=\"tiles\">\(tiles.joined())</div>\n"
    if let command = report.run.command {
      text += "<p class=\"try\">Try it: <code>\(Markup.escaped(command))</code></p>\n"
    }
    return text + "</header>\n"
  }

  /// What a user may expect, in words.
  private var verdict: String {
    if let warning = report.warning {
      return "<p class=\"warning\" role=\"note\"><b>Warning:</b> \(Markup.escaped(warning)).</p>\n"
    }
    let curve = report.results.metrics.confidence
    // At the confidence that the model keeps, which other images may have chosen; else at the best one here.
    let kept = report.confidence.flatMap { confidence in
      curve.points.min { abs($0.confidence - confidence) < abs($1.confidence - confidence) }
    }
    guard curve.best != nil, let point = kept ?? curve.best, let precision = point.precision,
      let recall = point.recall
    else { return "<p>Nothing was found.</p>\n" }
    func ten(_ part: Double) -> String { Numeral.fixed(part * 100, 0) }
    let text =
      "Of 100 objects it finds about \(ten(recall)), and of 100 boxes that it gives about \(ten(precision)) are right, "
      + "from a confidence of \(Numeral.fixed(point.confidence, 2)) on. Measured on \(report.measuredOn)."
    return "<p>\(Markup.escaped(text))</p>\n"
  }

  private var tiles: [String] {
    let (metrics, intervals) = (report.results.metrics, report.results.intervals)
    var tiles: [String] = []
    for (measure, name) in [
      (DetectionMeasure.averagePrecision, "mAP50-95"), (.averagePrecision50, "mAP50"),
      (.averagePrecision75, "mAP75"),
    ] {
      guard let number = metrics.numbers[measure] else { continue }
      let range = intervals?[measure].map {
        "\(Numeral.fixed(100 * $0.low, 1))–\(Numeral.percent($0.high, 1))"
      }
      tiles.append(
        tile(name, Numeral.percent(number, 1), range ?? "", isMain: measure == .averagePrecision))
    }
    for (name, further) in report.further {
      guard let number = further.numbers[.averagePrecision], let half = further.numbers[.averagePrecision50]
      else { continue }
      tiles.append(
        tile(
          "mAP50-95, \(name)", Numeral.percent(number, 1),
          "mAP50 \(Numeral.percent(half, 1)), \(Numeral.count(further.images)) images"))
    }
    let images = report.parts.reduce(0) { $0 + $1.images.count }
    if images > 0 {
      let objects = report.parts.reduce(0) { $0 + $1.images.reduce(0) { $0 + $1.objects.count } }
      let skipped = report.skipped.isEmpty ? "" : ", \(Numeral.count(report.skipped.count)) skipped"
      tiles.append(
        tile(
          "images", Numeral.count(images),
          "\(Numeral.count(objects)) objects, \(report.classes.count) classes\(skipped)"))
    }
    if let seconds = report.run.seconds {
      tiles.append(tile("time", Numeral.unbroken(Numeral.duration(seconds)), ""))
    }
    return tiles
  }

  private func tile(_ name: String, _ value: String, _ detail: String, isMain: Bool = false) -> String {
    "<div class=\"tile\(isMain ? " main" : "")\"><span>\(Markup.escaped(name))</span>"
      + "<b>\(Markup.escaped(value))</b><small>\(Markup.escaped(detail))</small></div>"
  }
}
