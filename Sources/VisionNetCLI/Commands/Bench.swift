import VisionRuntime
public import ArgumentParser
import VisionCompute
public import VisionNet
import VisionSystem

/// `visionnet bench`: measures how fast a network runs on this machine.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast a network runs on this machine.",
    discussion: """
      An architecture gets random weights from a fixed seed, so nothing is downloaded: \
      \(Architecture.all.map(\.name).joined(separator: ", ")). \
      The input is normally distributed, also from a fixed seed.
      """)

  @Argument(help: "A model file, or the name of an architecture or a pretrained model; also by -m.")
  var model: String?

  @Option(help: "Threads to use. (default: one per core)")
  var threads: Int?

  @Option(name: [.customLong("batch-size"), .customLong("batch")], help: "Images per run.")
  var batchSize = 1

  @Option(help: "The number of runs to time.")
  var runs = 50

  @Option(help: "How convolutions are computed.")
  var convolutions = ConvolutionAlgorithm.automatic

  @Option(help: "Number format in convolutions and dense layers.")
  var precision = ComputePrecision.float32

  @OptionGroup var input: PreprocessingOption

  @Option(help: "Output format.")
  var format = ReportFormat.text

  @Flag(help: ArgumentHelp("The former name of --format json.", visibility: .hidden))
  var json = false

  @Flag(
    help: ArgumentHelp(
      "Answer the requests of a benchmark that compares engines; the argument is the number of threads.",
      visibility: .hidden))
  var worker = false

  @Option(
    help:
      "Time the steps of training a model file, an architecture or a task: \(TrainingTask.allCases.map(\.rawValue).joined(separator: ", ")). The tasks have batch sizes of their own.",
    completion: .file())
  var train: String?

  @Flag(help: "Profile each layer: milliseconds, GFLOP/s, share of the peak and GB/s.")
  var profile = false

  @Option(
    help: "With --profile: write the runs as trace events, for ui.perfetto.dev or chrome://tracing.",
    completion: .file(extensions: ["json"]))
  var trace: String?

  @OptionGroup var overwriting: OverwriteFlag

  @OptionGroup(title: "Messages") var saying: MessageFlags

  @Option(
    help: ArgumentHelp("NumPy files of images and classes: print the losses of SGD.", visibility: .hidden))
  var lossCurve: [String] = []

  @Option(help: ArgumentHelp("Steps of the loss curve.", visibility: .hidden))
  var steps = 50

  @Option(help: ArgumentHelp("The learning rate of the loss curve.", visibility: .hidden))
  var rate = 0.01

  func validate() throws {
    guard [0, 2].contains(lossCurve.count), lossCurve.isEmpty || model != nil else {
      throw ValidationError("--loss-curve wants a model, and is given twice: images, classes")
    }
    guard precision == .float32 || (train == nil && lossCurve.isEmpty) else {
      throw ValidationError("training is float32: --precision goes with a model")
    }
    guard profile || trace == nil else { throw ValidationError("--trace needs --profile") }
    guard !profile || (!worker && lossCurve.isEmpty) else {
      throw ValidationError("--profile goes with a model or with --train")
    }
    guard (1...4096).contains(batchSize) else { throw ValidationError("--batch-size must be from 1 to 4096") }
    guard (1...1_000_000).contains(runs) else { throw ValidationError("--runs must be from 1 to 1000000") }
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
    if worker, let model, !(Int(model).map { (1...1024).contains($0) } ?? false) {
      throw ValidationError("with --worker the argument is the number of threads, from 1 to 1024: '\(model)'")
    }
  }

  func run() throws {
    try overwriting.check(trace)
    if worker {
      try BenchmarkWorker(
        executor: Executor(threads: model.flatMap { Int($0) } ?? threads), precision: precision
      ).serve()
      return
    }
    if let train {
      let benchmark = TrainingBenchmark(
        train, batch: batchSize, input, executor: Executor(threads: threads))
      if profile {
        try write(benchmark.profile())
      } else {
        let result = try benchmark.run()
        try Output().writeLine(isJSON ? result.json.indented : result.text)
      }
      return
    }
    if lossCurve.count == 2, let model {
      let curve = LossCurve(
        model: model, input: lossCurve[0], target: lossCurve[1], steps: steps, rate: rate,
        executor: Executor(threads: threads))
      try Output().writeLine(curve.run())
      return
    }
    let subject = try BenchmarkSubject(model ?? ModelLocator.standardModel, batch: batchSize, input)
    let executor = Executor(threads: threads)
    var run = try BenchmarkRun(
      subject.graph, parameters: subject.parameters, executor: executor,
      convolutions: convolutions, precision: precision)
    run.fillInputs()
    // Caches, clock rates and branch predictors need time to settle.
    let warm = POSIX.seconds + 0.2
    repeat { _ = try run.time() } while POSIX.seconds < warm
    let before = executor.measurePeak()
    if profile {
      let trace = try run.trace(runs: runs)
      let title =
        "\(FilePath(subject.name).printable)\(subject.isSeeded ? " (seeded weights)" : ""), batch \(batchSize)"
      try write(
        ProfileReport(
          title: title, threads: executor.threads, instructionSet: run.plan.instructionSet, trace: trace,
          peak: max(before, executor.measurePeak())))
      return
    }
    var times: [Double] = []
    for _ in 0..<runs { times.append(try run.time()) }
    // The larger of the two, because a disturbed measurement of the peak would flatter the network.
    let peak = max(before, executor.measurePeak())
    let result = BenchmarkResult(
      subject: subject, batch: batchSize, threads: executor.threads, instructionSet: run.plan.instructionSet,
      flops: run.plan.flops, arenaBytes: run.plan.arenaByteCount, references: run.plan.referenceNodes,
      times: times.sorted(), peak: peak)
    try Output().writeLine(isJSON ? result.json.indented : result.text)
  }

  private var isJSON: Bool { json || format == .json }

  private func write(_ report: ProfileReport) throws {
    if let trace { try TraceFile(report: report).write(to: trace) }
    let output = try Output()
    try output.writeLine(isJSON ? report.json.indented : report.text(width: output.width))
  }
}

extension ConvolutionAlgorithm: ExpressibleByArgument {
  /// Also accepts `automatic`, the former name of `auto`.
  public init?(argument: String) {
    self.init(rawValue: argument == "automatic" ? "auto" : argument)
  }
}

extension ComputePrecision: ExpressibleByArgument {
  /// Also accepts the names that other programs use.
  public init?(argument: String) {
    switch argument.lowercased() {
    case "float32", "fp32", "f32": self = .float32
    case "bf16", "bfloat16": self = .bfloat16
    default: return nil
    }
  }

  /// A remark about the speed of this precision on this machine; nil if it is fast.
  var note: String? {
    isFast(on: .preferred)
      ? nil
      : "no instructions for bfloat16 here are faster than those for float32: it takes a little longer"
  }
}
