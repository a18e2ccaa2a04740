import ArgumentParser
import VisionNet

/// `benchmark models`: inference of whole networks.
struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Whole networks: milliseconds, images a second, GFLOP/s and share of the measured peak.")

  static let all = "efficientnet-lite0,mobilenet_v2,squeezenet1_1,resnet18,resnet50,vgg16"

  @OptionGroup var options: SharedOptions

  @Option(help: "Architectures, separated by commas.")
  var models = Self.all

  @Option(help: "Images a run, each number in turn, separated by commas; VGG-16 only with one.")
  var batches = "1,16"

  func run() throws {
    let report = try Report("models", options)
    for threads in try options.threadCounts() {
      let executor = Executor(threads: threads)
      for name in SharedOptions.names(models) {
        for batch in try SharedOptions.numbers(batches, "--batches", 1...1024) {
          if name == "vgg16" && batch > 1 { continue }
          try measure(name, batch, executor, report)
        }
      }
    }
    report.print()
  }

  private func measure(_ name: String, _ batch: Int, _ executor: Executor, _ report: Report) throws {
    report.progress("\(name), batch \(batch), \(executor.threads) threads")
    var network = try Network(name, batch: batch, executor: executor)
    let before = executor.measurePeak()
    let seconds = try Stopwatch.seconds(options) { try network.run() }
    let peak = max(before, executor.measurePeak())
    let rate = Double(network.plan.flops) / seconds
    try report.add([
      ("model", .text(name)), ("batch", .integer(batch)), ("threads", .integer(executor.threads)),
      ("ms", .number(seconds * 1e3, 3)), ("images/s", .number(Double(batch) / seconds, 1)),
      ("GFLOP/s", .number(rate / 1e9, 1)), ("% of peak", .number(rate / peak * 100, 1)),
      ("arena MB", .number(Double(network.plan.arenaByteCount) / 1e6, 1)),
    ])
  }
}
