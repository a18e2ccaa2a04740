import VisionRuntime
import VisionTasks
import ArgumentParser
import VisionCompute
import VisionInference
import VisionNet
import VisionSystem

/// `visionnet classify`: labels images.
struct Classify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify",
    abstract: "Label images.",
    discussion: """
      A folder means the images in it and in its subfolders, sorted by path; files are recognized by content \
      or extension, and hidden ones are skipped. '-' means standard input: either one image, or paths, one \
      per line (with -0, each ended by a zero byte, as from find -print0).

      An image that cannot be read becomes an error record (in text format, a message), and the exit code is \
      2. If no image could be read, it is 65, or 66 if all of them were missing.

      A model trained by VisionNet contains a probability threshold. If the best label of an image is less \
      probable, the image is 'unknown', and that label is given as the best guess.
      """)

  @Argument(help: "Images, folders, or - for an image or paths on standard input.", completion: .file())
  var paths: [String]

  @Option(name: .shortAndLong, help: "A pretrained model, downloaded on first use, or a model file.")
  var model = ModelLocator.standardModel

  @Option(
    name: [.customShort("k", allowingJoined: true), .long],
    help: "Labels per image. (default: 5, or 3 on a terminal)")
  var topK: Int?

  @Option(help: "Number format in convolutions and dense layers.")
  var precision = ComputePrecision.float32

  @Option(help: "Images that a thread classifies at once; more need more memory.")
  var batchSize = 1

  @Option(help: "Output format.")
  var format = RecordFormat.text

  @Option(
    name: .shortAndLong, help: "Write the results to this file. (default: standard output)",
    completion: .file())
  var output: String?

  @OptionGroup(title: "Model files") var modelOptions: ModelOptions

  @Flag(
    name: [.customShort("0"), .customLong("null")],
    help: "Paths on standard input end with a zero byte instead of a line feed.")
  var endsPathsWithZero = false

  @Flag(help: "Bypass the packed-weight cache, which makes later starts faster.")
  var noCache = false

  @OptionGroup var overwriting: OverwriteFlag

  @OptionGroup var call: ImageCallFlags

  func validate() throws {
    guard !endsPathsWithZero || paths.contains("-") else {
      throw ValidationError("--null is about paths on standard input: give - for these")
    }
    guard topK.map({ $0 >= 1 }) ?? true else { throw ValidationError("--top-k must be at least 1") }
    guard (1...4096).contains(batchSize) else { throw ValidationError("--batch-size must be from 1 to 4096") }
  }

  func run() throws {
    let messages = call.messages
    try overwriting.check(output)
    let failures = FolderFailures()
    let source = PathSource(
      RawArguments.paths(paths), messages: messages, failures: failures,
      separator: endsPathsWithZero ? 0 : UInt8(ascii: "\n"))
    let (threads, workers) = call.workers(images: source.count)
    let start = POSIX.seconds
    let classifier = try makeClassifier(threads: workers == 1 ? threads : 1, messages)
    messages.detail("model ready in \(Self.rounded((POSIX.seconds - start) * 1000)) ms; \(threads) threads")

    let temperature = classifier.model.graph.temperature ?? 1
    messages.detail(
      "temperature \(temperature); "
        + (classifier.threshold.map { "unknown below a probability of \($0)" } ?? "no threshold for unknown"))

    let notes = classifier.notes.count
    // Only now, so that a model that cannot be read leaves no empty file.
    let target = try Output(path: output)
    var task = classifier.task
    task.top = topK ?? (format == .text && target.isTerminal ? 3 : 5)
    let began = POSIX.seconds
    let tally = try records(task, of: source, to: target, workers: workers, messages) {
      try classifier.scores($0)
    }
    for note in classifier.notes.dropFirst(notes) { messages.warning(FilePath(note).printable) }
    report(tally, seconds: POSIX.seconds - began, messages)
    if !noCache {
      do {
        try classifier.keepPackedWeights()
      } catch { messages.detail("packed weights are not kept: \(error)") }
    }
    let status = tally.status(folderFailures: failures.count, stopsAtError: call.stopsAtError)
    if status != .success { throw status.exitCode }
  }

  /// Writes what a task says of images, whatever task it is.
  private func records<Task: ModelTask>(
    _ task: Task, of source: PathSource, to target: Output, workers: Int, _ messages: Messages,
    predict: @escaping @Sendable ([Image]) throws -> [Task.Prediction]
  ) throws -> RecordWriter.Tally where Task.Input == ImageInputWriter {
    let writer = RecordWriter(
      target, RecordLayout(Task.self, subject: ["width", "height"]), format: format,
      isAligned: target.isTerminal, messages: messages, stopsAtError: call.stopsAtError)
    try writer.begin()
    let options = try call.options(task.input.preprocessing)
    let pipeline = RecordPipeline(
      task, batchSize: batchSize, workers: workers, options: options, predict: predict)
    try pipeline.run(source) { try writer.write($0) }
    try writer.end()
    return writer.tally
  }

  private func makeClassifier(threads: Int, _ messages: Messages) throws -> ImageClassifier {
    let path = try ModelLocator(offline: call.offline, messages: messages).path(of: model)
    messages.detail("model \(path)")
    if let note = precision.note { messages.note(note) }
    return try modelOptions.classifier(
      path, threads: threads, precision: precision, packedWeights: noCache ? nil : .standard, messages)
  }

  private func report(_ tally: RecordWriter.Tally, seconds: Double, _ messages: Messages) {
    let total = tally.readable + tally.unreadable
    if total == 0 {
      let places = paths.map { $0 == "-" ? "standard input" : FilePath($0).printable }
      messages.error("there are no images in \(places.joined(separator: ", "))")
    } else if tally.unreadable > 0 && !call.stopsAtError && (total > 1 || format != .text) {
      messages.note("\(tally.unreadable) of \(total) images could not be read")
    }
    guard seconds > 0, total > 0 else { return }
    messages.detail(
      "\(total) images in \(Self.rounded(seconds)) s, \(Self.rounded(Double(total) / seconds)) a second; "
        + "at most \(Figures.bytes(POSIX.peakBytes)) of memory")
  }

  private static func rounded(_ number: Double) -> Double { (number * 100).rounded() / 100 }
}
