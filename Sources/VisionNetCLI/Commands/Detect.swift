import ArgumentParser
import VisionCompute
import VisionImage
import VisionInference
import VisionModel
import VisionNet
import VisionSystem
import VisionTasks

/// `visionnet detect`: finds objects in images.
struct Detect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detect",
    abstract: "Find objects in images.",
    discussion: """
      A folder means the images in it and in its subfolders, sorted by path; files are recognized by content \
      or extension, and hidden ones are skipped. '-' means standard input: either one image, or paths, one per \
      line.

      Boxes are given in pixels of the upright original: left, top, width and height.

      An image that cannot be read becomes an error record (in text format, a message), and the exit code is \
      2. If no image could be read, it is 65, or 66 if all of them were missing.
      """)

  @Argument(help: "Images, folders, or - for an image or paths on standard input.", completion: .file())
  var paths: [String]

  @Option(name: .shortAndLong, help: "A pretrained detector, downloaded on first use, or a model file.")
  var model = "ssd-mobilenetv2"

  @Option(help: "The lowest score that counts, 0...1. (default: the model's own, else 0.25)")
  var confidence: Float?

  @Option(
    help:
      "The overlap, 0...1, above which the box with the lower score is dropped. (default: the model's own, else 0.7)"
  )
  var iou: Double?

  @Option(help: "The most boxes in an image.")
  var max = 300

  @Option(help: "The classes that count, separated by commas. (default: all)")
  var classes: String?

  @OptionGroup var detector: DetectorOptions

  @Option(help: "Threads to use. (default: one per core)")
  var threads: Int?

  @Option(help: "Output format: text, json, jsonl or csv.")
  var format = RecordFormat.text

  @Option(
    name: .shortAndLong, help: "Write the results to this file. (default: standard output)",
    completion: .file())
  var output: String?

  @Flag(help: "Decode truncated or damaged images as far as possible instead of refusing them.")
  var allowTruncated = false

  @OptionGroup var drawing: DrawingFlags

  @OptionGroup var decoding: DecodingFlags

  @Flag(help: "Stop at the first image that cannot be read.")
  var failOnError = false

  @Flag(help: "Work offline: download nothing.")
  var offline = false

  @Flag(name: .shortAndLong, help: "Hide progress, notes and warnings.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Print details: model, speed, memory.")
  var verbose = false

  func validate() throws {
    guard confidence.map({ (0...1).contains($0) }) ?? true else {
      throw ValidationError("--confidence must be from 0 to 1")
    }
    guard iou.map({ (0...1).contains($0) }) ?? true else {
      throw ValidationError("--iou must be from 0 to 1")
    }
    guard max >= 1 else { throw ValidationError("--max must be at least 1") }
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
    guard !(quiet && verbose) else { throw ValidationError("--quiet and --verbose contradict each other") }
  }

  func run() throws {
    let messages = Messages(quiet: quiet, verbose: verbose)
    let failures = FolderFailures()
    let source = PathSource(
      RawArguments.paths(paths), messages: messages, failures: failures, separator: UInt8(ascii: "\n"))
    let threads = threads ?? Executor.availableThreads
    let workers = (source.count ?? .max) < threads ? 1 : threads
    let path = try ModelLocator(offline: offline, messages: messages).path(of: model)
    messages.detail("model \(path)")
    var network = try Model(contentsOf: path)
    if let labels = detector.labels { network.labels = try Labels.read(labels) }
    let known = try DetectorNetwork(network, head: detector.head)
    if let note = known.note { messages.detail(note) }
    var task = try ObjectDetection(known.model)
    try choose(&task)
    let pipeline = try DetectorPipeline(
      known, task, on: Executor(threads: workers == 1 ? threads : 1))
    let tally = try records(task, of: source, workers: workers, messages) { try pipeline.predict($0) }
    let status = tally.status(folderFailures: failures.count, stopsAtError: failOnError)
    if status != .success { throw status.exitCode }
  }

  private func choose(_ task: inout ObjectDetection) throws {
    if let confidence { task.selection.confidence = confidence }
    if let iou { task.selection.overlap = iou }
    task.selection.maximum = max
    guard let classes else { return }
    var chosen: Set<Int> = []
    for name in classes.split(separator: ",").map(String.init) {
      guard let index = task.labels.firstIndex(of: name) else {
        throw ValidationError(
          "--classes: the model knows no '\(name)'; it knows \(task.labels.joined(separator: ", "))")
      }
      chosen.insert(index)
    }
    task.chosenClasses = chosen
  }

  private func records(
    _ task: ObjectDetection, of source: PathSource, workers: Int, _ messages: Messages,
    predict: @escaping @Sendable ([Image]) throws -> [[Detection]]
  ) throws -> RecordWriter.Tally {
    let writer = RecordWriter(
      try Output(path: output), RecordLayout(ObjectDetection.self, subject: ["width", "height"]),
      format: format,
      messages: messages, stopsAtError: failOnError)
    try writer.begin()
    let options = ImageOptions(
      allowsTruncated: allowTruncated, isStrict: decoding.strictDecoding, levels: try decoding.levels(),
      preprocessing: task.input.preprocessing)
    let pipeline = RecordPipeline(
      task, batchSize: 1, workers: workers, options: options,
      visitor: try DetectionDrawing(drawing, options: options), predict: predict)
    try pipeline.run(source) { try writer.write($0) }
    try writer.end()
    return writer.tally
  }
}
