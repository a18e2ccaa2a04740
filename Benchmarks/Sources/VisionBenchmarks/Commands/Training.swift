import ArgumentParser

/// `benchmark training`: steps of training, each task in a process of its own.
struct Training: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Steps of training: images a second and the process's largest memory.",
    discussion: """
      Runs `visionnet bench --train TASK`, in turn; forward, backward and SGD with momentum, five rounds each.
      """)

  @OptionGroup var options: SharedOptions

  @Option(help: "Tasks, separated by commas.")
  var tasks = "smallcnn,mlp,mobilenetv2_128,resnet18_64,resnet18_224,features"

  @Option(help: "How often each task runs; the median counts.")
  var repetitions = 1

  func validate() throws {
    guard (1...100).contains(repetitions) else {
      throw ValidationError("--repetitions must be from 1 to 100")
    }
  }

  func run() throws {
    let report = try Report("training", options)
    for threads in try options.threadCounts() {
      let names = SharedOptions.names(tasks)
      var times: [String: [Double]] = [:]
      var rates: [String: [Double]] = [:]
      var memory: [String: Int] = [:]
      for _ in 0..<repetitions {
        for task in names {
          report.progress("\(task), \(threads) threads")
          let child = try ChildProcess([
            Project.visionnet, "bench", "--train", task, "--format", "json", "--threads", "\(threads)",
          ])
          times[task, default: []].append(child.number("ms") ?? .nan)
          rates[task, default: []].append(child.number("ips") ?? .nan)
          memory[task] = max(memory[task] ?? 0, child.peakBytes)
        }
      }
      for task in names {
        try report.add([
          ("task", .text(task)), ("threads", .integer(threads)),
          ("ms a step", .number(Stopwatch.median(times[task] ?? []), 2)),
          ("images/s", .number(Stopwatch.median(rates[task] ?? []), 1)),
          ("peak memory MB", .number(Double(memory[task] ?? 0) / 1e6, 1)),
        ])
      }
    }
    report.print()
  }
}
