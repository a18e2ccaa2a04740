import VisionTraining
import VisionReport
import VisionNet

/// `--find-lr`: tries increasing learning rates and writes the losses.
struct RateSearch {
  let trainer: Trainer
  let messages: Messages

  func run(in folder: RunFolder) throws {
    try folder.make()
    let bar = ProgressBar(messages)
    let finder = RateFinder()
    var count = 0
    let result = try trainer.findRate(finder, isCancelled: { Interrupt.isPressed }) { point in
      count += 1
      bar.show(
        "rate \(Figures.short(point.rate))  loss \(Figures.fixed(point.smoothed, 4))  \(count)/\(finder.steps)"
      )
    }
    bar.close()
    if Interrupt.isPressed { throw TrainingError(.interrupted, "interrupted while rates were tried") }
    let rows = result.points.map { "\($0.rate),\($0.loss),\($0.smoothed)\n" }.joined()
    try folder.write("rate,loss,smoothed_loss\n" + rows, to: "find-lr.csv")
    try folder.write(chart(result).document, to: "find-lr.svg")
    var lines: [String] = []
    if let suggestion = result.suggestion {
      lines = [
        "suggested rate  \(Figures.short(suggestion)), where the loss falls fastest",
        "use it          --lr \(Figures.short(suggestion))",
      ]
    } else {
      lines = ["suggested rate  none: no rate lowered the loss"]
    }
    lines.append("plot            \(FilePath(folder.file("find-lr.svg")).printable)")
    lines.append("numbers         \(FilePath(folder.file("find-lr.csv")).printable)")
    try Output().writeLine(lines.joined(separator: "\n"))
  }

  private func chart(_ result: RateFinder.Result) -> LineChart {
    var chart = LineChart(x: ChartAxis("learning rate", scale: .logarithmic), y: ChartAxis("loss"))
    // Where the loss diverges it would press the rest of the curve flat.
    let top = 2 * (result.points.first?.smoothed ?? .infinity)
    func shown(_ loss: (RateFinder.Point) -> Double) -> [(Double, Double)] {
      result.points.filter { loss($0) <= top }.map { ($0.rate, loss($0)) }
    }
    chart.series = [
      LineChart.Series("smoothed loss", shown(\.smoothed)),
      LineChart.Series("loss of a batch", shown(\.loss), isDashed: true),
    ]
    if let suggestion = result.suggestion {
      chart.marks = [LineChart.Mark(at: suggestion, "suggested \(Figures.short(suggestion))")]
    }
    return chart
  }
}
