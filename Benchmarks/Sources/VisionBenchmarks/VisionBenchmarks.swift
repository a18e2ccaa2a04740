import ArgumentParser

/// The benchmarks of VisionNet.
@main
struct VisionBenchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Measure VisionNet on this machine.",
    discussion: """
      Each benchmark prints a table; with --out each measurement is also a line of JSON in a file. Inputs are drawn from \
      a normal distribution by a seeded generator, never zeros. Figures of different runs differ by 10 % and more where \
      other work runs on the machine: compare ratios within one run.
      """,
    subcommands: [
      Kernels.self, Models.self, Training.self, Photos.self, EndToEnd.self, Memory.self, Allocations.self,
      Shapes.self,
      All.self,
    ])
}
