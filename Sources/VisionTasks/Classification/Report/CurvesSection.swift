import VisionTraining
import VisionReport
import VisionSystem
import VisionTensor

/// The section of a report on the course of a training: its curves, or for a last layer the settings that
/// were tried.
struct CurvesSection {
  let content: TrainingReportContent

  var epochs: ReportSection? {
    let epochs = content.epochs
    guard !epochs.isEmpty else { return nil }
    func points(_ number: (EpochReport) -> Double?) -> [(x: Double, y: Double)] {
      epochs.compactMap { epoch in number(epoch).map { (Double(epoch.epoch), $0) } }
    }
    let x = ChartAxis("epoch", isWhole: true)
    var charts = [
      LineChart(
        x: x, y: ChartAxis("loss"),
        series: lines([("training", points(\.trainingLoss)), ("validation", points { $0.score("loss") })])),
      LineChart(
        x: x, y: ChartAxis("top-1", isPercent: true),
        series: lines([("training", []), ("validation", points { $0.score("top1") })])),
      LineChart(x: x, y: ChartAxis("learning rate"), series: lines([("learning rate", points(\.rate))])),
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
        "A good run falls in loss on both lines; where validation rises again while training falls, the network "
        + "learns its images by heart.",
      body: "<div class=\"charts\">\(drawn.joined())</div><p>\(Markup.escaped(note))</p>")
  }

  private func lines(_ candidates: [(String, [(x: Double, y: Double)])]) -> [LineChart.Series] {
    // A series has the same color in every chart.
    candidates.enumerated().filter { !$1.1.isEmpty }.map { LineChart.Series($1.0, $1.1, color: $0) }
  }

  var settings: ReportSection? {
    let tried = content.settings.tried
    guard !tried.isEmpty, content.epochs.isEmpty else { return nil }
    var names: [String] = []
    for setting in tried where !names.contains(setting.series) { names.append(setting.series) }
    var chart = LineChart(
      x: ChartAxis(content.settings.name, scale: .logarithmic), y: ChartAxis("loss on held-back images"))
    chart.series = names.map { name in
      LineChart.Series(
        name, tried.filter { $0.series == name }.sorted { $0.value < $1.value }.map { ($0.value, $0.loss) })
    }
    chart.marks = tried.filter(\.isChosen).map { .init(at: $0.value, "chosen") }
    return ReportSection(
      id: "settings", title: "Settings tried",
      reading:
        "Each point is one way to fit the last layer, the lower the better; of those within one standard error of the "
        + "lowest, the one with the most right answers is chosen. The network below it stayed as it was, "
        + "so there are no epochs. The penalty holds the weights small: a large one makes the layer simpler, a small one lets it "
        + "follow the images more closely. Scaling is what happens to the features before: common scaling divides all of them by "
        + "the same number, standard scaling each by its own spread.",
      body: "<div class=\"charts\"><div>\(chart.figure)</div></div>")
  }
}
