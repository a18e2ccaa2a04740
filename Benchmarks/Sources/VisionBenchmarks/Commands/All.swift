import ArgumentParser

/// `benchmark all`: one benchmark after the other, as they are without options of their own.
struct All: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "All benchmarks, one after the other; takes half an hour and more.")

  @OptionGroup var options: SharedOptions

  func run() throws {
    var shared = [
      "--threads", options.threads, "--rounds", "\(options.rounds)", "--seconds", "\(options.seconds)",
    ]
    if let out = options.out { shared += ["--out", out] }
    // What must hold comes first.
    let commands: [any ParsableCommand.Type] = [
      Allocations.self, Kernels.self, Models.self, Training.self, Photos.self, EndToEnd.self, Memory.self,
    ]
    for command in commands {
      var parsed = try command.parse(shared)
      try parsed.run()
    }
  }
}
