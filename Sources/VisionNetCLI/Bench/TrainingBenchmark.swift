import VisionTraining
import VisionCompute
import VisionNet
import VisionSystem

/// Times the steps of a training task: forward, backward and SGD with momentum on normally distributed images.
struct TrainingBenchmark {
  let task: TrainingTask
  let executor: Executor

  private static let rounds = 5
  private static let secondsOfRound = 0.6

  /// The time of a step in the median of five rounds.
  func run() throws -> TrainingBenchmarkResult {
    let began = POSIX.seconds
    let step = try makeStep()
    try step()
    try step()
    let warm = POSIX.seconds - began
    var times: [Double] = []
    for _ in 0..<Self.rounds {
      let start = POSIX.seconds
      var count = 0
      repeat {
        try step()
        count += 1
      } while POSIX.seconds - start < Self.secondsOfRound || count < 2
      times.append((POSIX.seconds - start) / Double(count))
    }
    times.sort()
    let median = times[Self.rounds / 2]
    return TrainingBenchmarkResult(
      task: task, threads: executor.threads, median: median, best: times[0], warmup: warm,
      peakBytes: POSIX.peakBytes)
  }

  /// The time of a step by kernel, slowest first.
  func profile() throws -> ProfileReport {
    guard let engine = try makeEngine() else {
      throw CommandError(
        .usage, "nothing is trained in the task \(task.rawValue)",
        remedy: "visionnet bench efficientnet-lite0 --batch-size \(task.batch) --profile")
    }
    _ = try engine.step(rate: 1e-3)
    let trace = try engine.trace(runs: Self.rounds)
    var steps: [Double] = []
    for _ in 0..<Self.rounds {
      let start = POSIX.seconds
      _ = try engine.step(rate: 1e-3)
      steps.append(POSIX.seconds - start)
    }
    return ProfileReport(
      title: "training \(task.rawValue), batch \(task.batch), memory \(Figures.bytes(engine.memory.total))",
      threads: executor.threads, instructionSet: executor.instructionSet, trace: trace,
      peak: executor.measurePeak(), update: max(0, steps.sorted()[Self.rounds / 2] - trace.untracedSeconds),
      limit: 60)
  }

  private func makeEngine() throws -> TrainingEngine? {
    guard task != .features else { return nil }
    let graph = try task.graph()
    let settings = TrainingEngine.Settings(batchSize: task.batch, optimizer: SGD(momentum: 0.9))
    let engine = try TrainingEngine(
      graph, parameters: graph.initialParameters(seed: 0), settings: settings, executor: executor)
    engine.withInput { input in
      _ = input.update(fromContentsOf: Philox(seed: 1).normal(count: input.count))
    }
    engine.withClasses { classes in
      let numbers = Philox(seed: 2).uniform(count: classes.count)
      for (index, number) in numbers.enumerated() {
        classes[index] = Int64(saturating: number * Float(task.classes))
      }
    }
    engine.setKeys(seed: 0, epoch: 0, samples: Array(0..<task.batch))
    return engine
  }

  private func makeStep() throws -> () throws -> Void {
    if let engine = try makeEngine() {
      return { _ = try engine.step(rate: 1e-3) }
    }
    let graph = try task.graph().bound(batch: task.batch)
    let run = Frozen(
      try BenchmarkRun(graph, parameters: graph.initialParameters(seed: 0), executor: executor))
    run.run.fillInputs()
    return { _ = try run.run.time() }
  }

  /// A class, because a closure cannot capture a noncopyable value.
  private final class Frozen {
    var run: BenchmarkRun
    init(_ run: consuming BenchmarkRun) { self.run = run }
  }
}
