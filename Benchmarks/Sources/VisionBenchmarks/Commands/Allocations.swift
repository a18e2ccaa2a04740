import ArgumentParser
import CAllocations
import VisionNet

/// `benchmark allocations`: heap allocations of a run of a prepared plan, which must be none.
struct Allocations: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Heap allocations of a run, on all threads; ends with status 1 when there are any.",
    discussion: "Every architecture, unless told otherwise. Allocations can be counted with glibc only.")

  private static let runs = 5

  @OptionGroup var options: SharedOptions

  @Option(help: "Architectures, separated by commas.")
  var models = Architecture.all.map(\.name).joined(separator: ",")

  @Option(help: "Images a run, each number in turn, separated by commas; VGG only with one.")
  var batches = "1,16"

  func run() throws {
    guard vb_counts_allocations() else {
      throw ValidationError("allocations cannot be counted here: that needs glibc")
    }
    let report = try Report("allocations", options)
    var worst = 0
    for threads in try options.threadCounts() {
      let executor = Executor(threads: threads)
      for name in SharedOptions.names(models) {
        for batch in try SharedOptions.numbers(batches, "--batches", 1...1024) {
          if name.hasPrefix("vgg") && batch > 1 { continue }
          let count = try allocations(name, batch, executor)
          worst = max(worst, count)
          try report.add([
            ("model", .text(name)), ("batch", .integer(batch)), ("threads", .integer(executor.threads)),
            ("runs", .integer(Self.runs)), ("allocations", .integer(count)),
          ])
        }
      }
    }
    report.print()
    if worst > 0 {
      report.progress("a run of a prepared plan must allocate nothing, but \(worst) allocations were counted")
      throw ExitCode(1)
    }
  }

  private func allocations(_ name: String, _ batch: Int, _ executor: Executor) throws -> Int {
    var network = try Network(name, batch: batch, executor: executor)
    try network.run()
    let before = vb_allocations()
    for _ in 0..<Self.runs { try network.run() }
    return vb_allocations() - before
  }
}
