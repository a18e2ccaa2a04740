import ArgumentParser
import VisionNet

/// `benchmark kernels`: every kernel on the shapes of real networks.
struct Kernels: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Kernels: GFLOP/s and share of the measured peak, GB/s and share of the measured copy rate.")

  @OptionGroup var options: SharedOptions

  @Option(help: "Images, each number in turn, separated by commas.")
  var batches = "1"

  @Option(help: "Only cases whose kind and name contain this text.")
  var filter: String?

  func run() throws {
    let report = try Report("kernels", options)
    for threads in try options.threadCounts() {
      let machine = Machine(threads: threads)
      let rate = machine.copyRate(options)
      for batch in try SharedOptions.numbers(batches, "--batches", 1...1024) {
        for item in cases(batch) { try measure(item, batch, machine, rate, report) }
      }
    }
    report.print()
  }

  private func cases(_ batch: Int) -> [KernelCase] {
    let all =
      ConvolutionCases.cases(batch: batch) + ConvolutionCases.denseCases(batch: batch)
      + (batch == 1 ? MatrixCases.cases() : []) + MemoryCases.cases(batch: batch)
    guard let filter else { return all }
    return all.filter { "\($0.kind) \($0.name)".contains(filter) }
  }

  private func measure(
    _ item: KernelCase, _ batch: Int, _ machine: Machine, _ copyRate: Double, _ report: Report
  ) throws {
    let run = item.prepare(machine)
    // The better of two, since a disturbed peak would flatter.
    let before = machine.peak()
    let seconds = Stopwatch.seconds(options, run)
    let peak = max(before, machine.peak())
    let hasWork = item.flops > 0
    try report.add([
      ("kind", .text(item.kind)), ("shape", .text(item.name)), ("batch", .integer(batch)),
      ("threads", .integer(machine.threads)), ("ms", .number(seconds * 1e3, 4)),
      ("GFLOP/s", hasWork ? .number(item.flops / seconds / 1e9, 1) : .none),
      ("% of peak", hasWork ? .number(item.flops / seconds / peak * 100, 1) : .none),
      ("GB/s", .number(item.bytes / seconds / 1e9, 1)),
      ("% of copy", .number(item.bytes / seconds / copyRate * 100, 1)),
    ])
    report.progress("\(item.kind), \(item.name), batch \(batch), \(machine.threads) threads")
  }
}
