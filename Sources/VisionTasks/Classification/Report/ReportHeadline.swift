import VisionTraining
import VisionReport

/// The beginning of a report: what was done, and how good the result is.
struct ReportHeadline {
  let content: TrainingReportContent

  var html: String {
    var text = "<header><h1>\(Markup.name(content.title))</h1>\n"
    text += "<p class=\"lead\">\(Markup.escaped(content.summary))</p>\n"
    if let warning = content.warning {
      text += "<p class=\"warning\" role=\"note\"><b>Warning:</b> \(Markup.escaped(warning)).</p>\n"
    } else if let metrics = content.metrics, metrics.images > 0 {
      text += verdict(metrics)
    }
    text += "<div class=\"tiles\">\(tiles.joined())</div>\n"
    for note in content.notes { text += "<p class=\"note\">\(Markup.escaped(note))</p>\n" }
    if let command = content.command {
      text += "<p class=\"try\">Try it: <code>\(Markup.escaped(command))</code></p>\n"
    }
    return text + "</header>\n"
  }

  /// The accuracy in words, on the test images where there are any: nothing was chosen on them.
  private func verdict(_ shown: ClassificationMetrics) -> String {
    let test = content.furtherMetrics.last { $0.name == "test" && $0.metrics.images > 0 }?.metrics
    let metrics = test ?? shown
    let (low, high) = (metrics.top1Interval.low * 100, metrics.top1Interval.high * 100)
    let (from, to) = (Numeral.fixed(low.rounded(.down), 0), Numeral.fixed(high.rounded(.up), 0))
    let place = test.map { "\(Numeral.count($0.images)) test images" } ?? content.measuredOn
    let on = place.isEmpty ? "" : " Measured on \(place)."
    return "<p>"
      + Markup.escaped(
        "Of 100 images like these it names about \(Numeral.fixed(metrics.top1 * 100, 0)) right: between \(from) and "
          + "\(to), with a certainty of 95\u{a0}%.\(on)") + "</p>\n"
  }

  private var tiles: [String] {
    var tiles: [String] = []
    if let metrics = content.metrics {
      tiles.append(
        tile(
          "top-1", Numeral.percent(metrics.top1, within: metrics.top1Interval),
          "\(Numeral.percent(metrics.top1Interval)), \(Numeral.count(metrics.right)) of \(Numeral.count(metrics.images))",
          isMain: true))
      if metrics.hasTop5 {
        tiles.append(
          tile(
            "top-5", Numeral.percent(metrics.top5, within: metrics.top5Interval),
            Numeral.percent(metrics.top5Interval)))
      }
      tiles.append(
        tile("loss", Numeral.fixed(metrics.loss, 2 + metrics.top1Interval.places), "mean of −log p"))
    }
    for (name, metrics) in content.furtherMetrics {
      tiles.append(
        tile(
          "top-1, \(name)", Numeral.percent(metrics.top1, within: metrics.top1Interval),
          "\(Numeral.percent(metrics.top1Interval)), \(Numeral.count(metrics.images)) images"))
    }
    let images = content.parts.reduce(0) { $0 + $1.counts.reduce(0, +) }
    if images > 0 {
      let skipped = content.skipped.isEmpty ? "" : ", \(Numeral.count(content.skipped.count)) skipped"
      tiles.append(tile("images", Numeral.count(images), "\(content.labels.count) classes\(skipped)"))
    }
    if let seconds = content.seconds {
      tiles.append(tile("time", Numeral.unbroken(Numeral.duration(seconds)), ""))
    }
    return tiles
  }

  private func tile(_ name: String, _ value: String, _ detail: String, isMain: Bool = false) -> String {
    "<div class=\"tile\(isMain ? " main" : "")\"><span>\(Markup.escaped(name))</span>"
      + "<b>\(Markup.escaped(value))</b><small>\(Markup.escaped(detail))</small></div>"
  }
}
