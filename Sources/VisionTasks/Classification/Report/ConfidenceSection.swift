import VisionTraining
import VisionReport
import VisionSystem
import VisionTensor

/// The section of a report on how reliable the probabilities are: calibration and the threshold for
/// `unknown`.
struct ConfidenceSection {
  let content: TrainingReportContent
  let metrics: ClassificationMetrics

  private static let width = 460.0
  private static let height = 280.0

  var calibration: ReportSection? {
    guard metrics.images > 0 else { return nil }
    var lines = [
      "On average the probability is \(Numeral.fixed(metrics.calibrationError * 100, metrics.top1Interval.places)) percentage points away from the truth "
        + "(expected calibration error)."
    ]
    if let temperature = content.temperature {
      lines.append(
        "Logits are divided by a temperature of \(Numeral.significant(temperature)) before softmax: "
          + (abs(temperature - 1) < 0.005
            ? "the network's own confidence is right."
            : temperature > 1
              ? "the network alone would be too sure of itself." : "the network alone would be too timid."))
    }
    return ReportSection(
      id: "calibration", title: "Can the probabilities be believed?",
      reading:
        "Of the images with a probability of about 80\u{a0}%, 80\u{a0}% should be right: good points lie on the dashed line, "
        + "those below it are too sure, those above too timid. Larger points stand for more images.",
      body:
        "<div class=\"charts\"><div>\(reliability)\(table)</div></div><p>\(Markup.escaped(lines.joined(separator: " ")))</p>"
    )
  }

  var unknown: ReportSection? {
    guard metrics.images > 0 else { return nil }
    var text = "The model has no threshold: it names a class for every image."
    if let threshold = metrics.threshold {
      let wrong = metrics.images - metrics.right
      let kept = threshold.rightKept.map {
        "\(Numeral.percent($0, within: WilsonInterval($0, of: metrics.right))) of the right answers stay named"
      }
      let rejected = threshold.wrongRejected.map {
        "\(Numeral.percent($0, within: WilsonInterval($0, of: wrong))) of the wrong ones become unknown"
      }
      text =
        "Below a probability of \(Numeral.significant(threshold.value, 4)) an image is called unknown. "
        + "\(kept ?? "There were no right answers"), and \(rejected ?? "there were no wrong ones")."
    }
    return ReportSection(
      id: "unknown", title: "When it says “unknown”",
      reading:
        "How the probabilities of right answers spread, and those of wrong ones: a good threshold has most of the wrong to "
        + "its left and most of the right to its right.",
      body: "<div class=\"charts\"><div>\(histogram)\(table)</div></div><p>\(Markup.escaped(text))</p>")
  }

  private func frame(_ y: ChartAxis, _ yEnds: ClosedRange<Double>, legendRows: Int) -> ChartFrame {
    ChartFrame(
      x: ChartAxis("probability of the answer", isPercent: true), y: y, xEnds: 0...1, yEnds: yEnds,
      width: Self.width, height: Self.height, legendRows: legendRows)
  }

  private func drawing(_ label: String, _ body: String) -> String {
    "<svg class=\"chart\" viewBox=\"0 0 \(Int(saturating: Self.width)) \(Int(saturating: Self.height))\" role=\"img\" "
      + "aria-label=\"\(Markup.escaped(label))\">\(body)</svg>"
  }

  /// The numbers of both drawings.
  private var table: String {
    let rows = metrics.bins.filter { $0.images > 0 }.map { bin in
      let share = Double(bin.right) / Double(bin.images)
      return
        "<td>\(Numeral.fixed(bin.range.lowerBound * 100, 0)) to \(Numeral.fixed(bin.range.upperBound * 100, 0))\u{a0}%</td>"
        + "<td class=\"n\">\(bin.right)</td><td class=\"n\">\(bin.images - bin.right)</td>"
        + "<td class=\"n\">\(Numeral.percent(share, within: WilsonInterval(bin.right, of: bin.images)))</td>"
    }
    return "<details><summary>Numbers</summary>"
      + ReportSection.table(["probability of the answer", "right", "wrong", "right answers"], rows)
      + "</details>"
  }

  /// A reliability diagram: the share of right answers against the mean probability of each bin, with its
  /// interval.
  private var reliability: String {
    let frame = frame(ChartAxis("right answers", isPercent: true), 0...1, legendRows: 0)
    let (start, end) = (frame.place(0, 0), frame.place(1, 1))
    var text = frame.axes + ChartFrame.line("line dashed s5", start.x, start.y, end.x, end.y)
    let most = Double(metrics.bins.map(\.images).max() ?? 1)
    for bin in metrics.bins where bin.images > 0 {
      let share = Double(bin.right) / Double(bin.images)
      let interval = WilsonInterval(bin.right, of: bin.images)
      let at = frame.place(bin.confidence / Double(bin.images), share)
      let (low, high) = (frame.place(0, interval.low).y, frame.place(0, interval.high).y)
      let radius = 3 + 5 * (Double(bin.images) / most).squareRoot()
      text += ChartFrame.line("edge", at.x, low, at.x, high)
      text += "<circle class=\"dot s0\" cx=\"\(Markup.coordinate(at.x))\" cy=\"\(Markup.coordinate(at.y))\" "
      text += "r=\"\(Markup.coordinate(radius))\"><title>\(bin.right) of \(bin.images) right</title></circle>"
    }
    return drawing("right answers over their probability", text)
  }

  /// A histogram of right and wrong answers over the bins, with the threshold.
  private var histogram: String {
    let right = metrics.bins.map(\.right)
    let wrong = metrics.bins.map { $0.images - $0.right }
    let groups = [(name: "right answers", counts: right), (name: "wrong answers", counts: wrong)]
    let shares = groups.map { group in
      let sum = Double(max(1, group.counts.reduce(0, +)))
      return group.counts.map { Double($0) / sum }
    }
    let most = shares.joined().max() ?? 1
    let frame = frame(
      ChartAxis("part of the answers", isPercent: true), 0...max(most, 0.01) * 1.08, legendRows: 1)
    var text = frame.axes + frame.legend(groups.enumerated().map { ($1.name, $0, false) })
    for (number, bin) in metrics.bins.enumerated() {
      let (start, end) = (frame.place(bin.range.lowerBound, 0), frame.place(bin.range.upperBound, 0))
      let middle = (start.x + end.x) / 2
      for (group, edges) in [(0, (start.x + 2, middle)), (1, (middle, end.x - 2))] {
        let top = frame.place(0, shares[group][number]).y
        let count = groups[group].counts[number]
        text += bar("s\(group)", edges.0, edges.1, top, start.y, "\(count) \(groups[group].name)")
      }
    }
    if let threshold = metrics.threshold { text += frame.mark(threshold.value, "unknown below") }
    return drawing("right and wrong answers by their probability", text)
  }

  private func bar(
    _ style: String, _ left: Double, _ right: Double, _ top: Double, _ bottom: Double, _ title: String
  ) -> String {
    guard bottom > top else { return "" }
    return "<rect class=\"dot \(style)\" x=\"\(Markup.coordinate(left))\" y=\"\(Markup.coordinate(top))\" "
      + "width=\"\(Markup.coordinate(right - left))\" height=\"\(Markup.coordinate(bottom - top))\">"
      + "<title>\(title)</title></rect>"
  }
}
