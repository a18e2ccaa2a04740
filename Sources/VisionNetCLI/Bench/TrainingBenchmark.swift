import VisionTraining
import VisionCompute
import VisionNet
import VisionSystem

/// Times the steps of training a network: forward, backward and SGD with momentum on normally distributed images.
struct TrainingBenchmark {
  /// Of a task, a model file or an architecture.
  let name: String
  let input: PreprocessingOption
  let batch: Int
  let executor: Executor

  /// - Parameter batch: images a step, for what is not a task.
  init(_ name: String, batch: Int, _ input: PreprocessingOption, executor: Executor) {
    (self.name, self.input, self.executor) = (name, input, executor)
    self.batch = TrainingTask(rawValue: name)?.batch ?? batch
  }

  /// Whether the network is trained, and not only run.
  private var trains: Bool { name != TrainingTask.features.rawValue }

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
      task: name, batch: batch, threads: executor.threads, median: median, best: times[0],
      warmup: warm, peakBytes: POSIX.peakBytes)
  }

  /// The time of a step by kernel, slowest first.
  func profile() throws -> ProfileReport {
    guard let (engine, rate) = try makeEngine() else {
      throw CommandError(
        .usage, "nothing is trained in the task \(name)",
        remedy: "visionnet bench efficientnet-lite0 --batch-size \(batch) --profile")
    }
    _ = try engine.step(rate: rate)
    let trace = try engine.trace(runs: Self.rounds)
    var steps: [Double] = []
    for _ in 0..<Self.rounds {
      let start = POSIX.seconds
      _ = try engine.step(rate: rate)
      steps.append(POSIX.seconds - start)
    }
    return ProfileReport(
      title:
        "training \(FilePath(name).printable), batch \(batch), memory \(Figures.bytes(engine.memory.total))",
      threads: executor.threads, instructionSet: executor.instructionSet, trace: trace,
      peak: executor.measurePeak(), update: max(0, steps.sorted()[Self.rounds / 2] - trace.untracedSeconds),
      directions: true,
      limit: 60)
  }

  private func makeEngine() throws -> (engine: TrainingEngine, rate: Float)? {
    guard trains else { return nil }
    let (network, parameters) = try TrainingNetwork.load(name, input)
    var settings = TrainingEngine.Settings(batchSize: batch, optimizer: SGD(momentum: 0.9))
    if network.classes == nil { (settings.loss, settings.target) = (MeanSquaredError(), .values) }
    // Weights that nobody else holds are freed once the engine has its own.
    let engine = try TrainingEngine(
      network.graph, prediction: network.prediction, parameters: consume parameters, settings: settings,
      executor: executor)
    engine.withInput { input in
      _ = input.update(fromContentsOf: Philox(seed: 1).normal(count: input.count))
    }
    if let count = network.classes {
      engine.withClasses { classes in
        let numbers = Philox(seed: 2).uniform(count: classes.count)
        for (index, number) in numbers.enumerated() {
          classes[index] = Int64(saturating: number * Float(count))
        }
      }
    } else {
      engine.withTargets { _ = $0.update(fromContentsOf: Philox(seed: 2).normal(count: $0.count)) }
    }
    engine.setKeys(seed: 0, epoch: 0, samples: Array(0..<batch))
    return (engine, network.rate)
  }

  private func makeStep() throws -> () throws -> Void {
    if let (engine, rate) = try makeEngine() {
      return { _ = try engine.step(rate: rate) }
    }
    let (network, parameters) = try TrainingNetwork.load(name, input)
    let graph = try network.graph.bound(batch: batch)
    let run = Frozen(try BenchmarkRun(graph, parameters: parameters, executor: executor))
    run.run.fillInputs()
    return { _ = try run.run.time() }
  }

  /// A class, because a closure cannot capture a noncopyable value.
  private final class Frozen {
    var run: BenchmarkRun
    init(_ run: consuming BenchmarkRun) { self.run = run }
  }
}
