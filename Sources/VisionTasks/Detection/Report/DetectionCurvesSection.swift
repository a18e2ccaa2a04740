import VisionReport
import VisionTraining
import VisionSystem

/// The section of a detector's report on the course of its training.
struct DetectionCurvesSection {
  let report: DetectionReport

  var section: ReportSection? {
    let epochs = report.epochs
    guard !epochs.isEmpty else { return nil }
    func points(_ number: (EpochReport) -> Double?) -> [(x: Double, y: Double)] {
      epochs.compactMap { epoch in number(epoch).map { (Double(epoch.epoch), $0) } }
    }
    func series(_ name: String, _ number: (EpochReport) -> Double?, color: Int) -> [LineChart.Series] {
      let drawn = points(number)
      return drawn.isEmpty ? [] : [LineChart.Series(name, drawn, color: color)]
    }
    let x = ChartAxis("epoch", isWhole: true)
    var charts = [
      LineChart(
        x: x, y: ChartAxis("loss"),
        series: series("training", { $0.trainingLoss }, color: 0)
          + series("validation", { $0.score("loss") }, color: 1)),
      LineChart(
        x: x, y: ChartAxis("mean precision on validation", isPercent: true),
        series: series("mAP50", { $0.score("mAP50") }, color: 2)
          + series("mAP50-95", { $0.score("mAP50-95") }, color: 1)),
      LineChart(
        x: x, y: ChartAxis("learning rate"), series: series("learning rate", { $0.rate }, color: 0)),
    ]
    if let best = epochs.last(where: \.isBest)?.epoch {
      for index in charts.indices.prefix(2) { charts[index].marks = [.init(at: Double(best), "kept")] }
    }
    let drawn = charts.filter { !$0.series.isEmpty }.map { "<div>\($0.figure)</div>" }
    let speed = epochs.reduce(0) { $0 + $1.samplesPerSecond } / Double(epochs.count)
    let note =
      "\(epochs.count) \(epochs.count == 1 ? "epoch" : "epochs"), \(Numeral.significant(speed)) images/s."
    return ReportSection(
      id: "curves", title: "Training curves",
      reading:
        "A good run falls in loss on both lines. The loss of training is of images that are put together and changed, "
        + "until the last sixth of the epochs, where it falls.",
      body: "<div class=\"charts\">\(drawn.joined())</div><p>\(Markup.escaped(note))</p>")
  }
}
