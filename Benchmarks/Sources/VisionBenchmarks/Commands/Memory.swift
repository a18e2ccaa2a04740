import ArgumentParser
import VisionNet

/// `benchmark memory`: the largest memory of a process that runs a network.
struct Memory: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The largest memory of a process that runs a network, and what of it the plan accounts for.",
    discussion: "Runs `visionnet bench MODEL --runs 3`, each in a process of its own.")

  @OptionGroup var options: SharedOptions

  @Option(help: "Architectures, separated by commas.")
  var models = Models.all

  @Option(help: "Images a run, each number in turn, separated by commas; VGG-16 only with one.")
  var batches = "1,16"

  func run() throws {
    let report = try Report("memory", options)
    for threads in try options.threadCounts() {
      for name in SharedOptions.names(models) {
        for batch in try SharedOptions.numbers(batches, "--batches", 1...1024) {
          if name == "vgg16" && batch > 1 { continue }
          report.progress("\(name), batch \(batch), \(threads) threads")
          let child = try ChildProcess([
            Project.visionnet, "bench", name, "--runs", "3", "--batch-size", "\(batch)", "--threads",
            "\(threads)", "--format", "json",
          ])
          let network = try Network(name, batch: batch, executor: Executor(threads: 1))
          let explanation = network.plan.explanation(threads: threads)
          try report.add([
            ("model", .text(name)), ("batch", .integer(batch)), ("threads", .integer(threads)),
            ("peak memory MB", .number(Double(child.peakBytes) / 1e6, 1)),
            ("activations MB", .number(Double(explanation.arenaByteCount) / 1e6, 1)),
            ("scratch MB", .number(Double(explanation.scratchByteCount) / 1e6, 1)),
            ("packed weights MB", .number(Double(explanation.weightByteCount) / 1e6, 1)),
          ])
        }
      }
    }
    report.print()
  }
}
