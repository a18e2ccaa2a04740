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

  @OptionGroup(title: "Boxes") var selection: SelectionFlags

  @Option(help: "The classes that count, separated by commas. (default: all)")
  var classes: String?

  @Option(
    help: ArgumentHelp(
      "Look at large images in overlapping tiles of this side, in pixels, as well as in whole, for small objects.",
      valueName: "size"))
  var tiles: Int?

  @OptionGroup(title: "Model files") var detector: DetectorOptions

  @Option(
    help:
      "Output format; coco is a list of results, yolo a text file for each image.")
  var format = DetectionFormat.text

  @Option(
    name: .shortAndLong,
    help: "Write the results to this file, or for yolo to this folder. (default: standard output)",
    completion: .file())
  var output: String?

  @OptionGroup(title: "Written files") var drawing: DrawingFlags

  @OptionGroup var call: ImageCallFlags

  func validate() throws {
    guard tiles.map({ (DetectionTiles.leastSize...65535).contains($0) }) ?? true else {
      throw ValidationError("--tiles must be from \(DetectionTiles.leastSize) to 65535")
    }
  }

  func run() throws {
    let messages = call.messages
    let failures = FolderFailures()
    let source = PathSource(
      RawArguments.paths(paths), messages: messages, failures: failures, separator: UInt8(ascii: "\n"))
    let (threads, workers) = call.workers(images: source.count)
    let path = try ModelLocator(offline: call.offline, messages: messages).path(of: model)
    messages.detail("model \(path)")
    let executor = Executor(threads: workers == 1 ? threads : 1)
    let known = try DetectorSource(
      contentsOf: path, labels: detector.labels.map { try Labels.read($0) }, head: detector.head, on: executor
    )
    if let note = known.note { messages.detail(note) }
    var task = try known.task()
    try choose(&task)
    let predict = try known.predictor(task, on: executor)
    let tally = try records(task, of: source, workers: workers, messages, predict: tiled(predict, task))
    let status = tally.status(folderFailures: failures.count, stopsAtError: call.stopsAtError)
    if status != .success { throw status.exitCode }
  }

  /// The same for images that are looked at in tiles, if that is asked for.
  private func tiled(
    _ predict: @escaping @Sendable ([Image]) throws -> [[Detection]], _ task: ObjectDetection
  ) -> @Sendable ([Image]) throws -> [[Detection]] {
    guard let tiles = tiles.map({ DetectionTiles(size: $0) }) else { return predict }
    return { try $0.map { try tiles.detect(in: $0, task.selection, predict) } }
  }

  private func choose(_ task: inout ObjectDetection) throws {
    task.selection = selection.applied(to: task.selection)
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
    let layout = RecordLayout(ObjectDetection.self, subject: ["width", "height"])
    let encoding = try format.encoding(layout, labels: task.labels, folder: output, overwrites: drawing.force)
    let target = try Output(path: format == .yolo ? nil : output, overwrites: drawing.force)
    let writer = RecordWriter(
      target, encoding, isAligned: format == .text && target.isTerminal, messages: messages,
      stopsAtError: call.stopsAtError)
    try writer.begin()
    let preprocessing = task.input.preprocessing
    // Tiles are cut out of the image in full size.
    let options = try call.options(tiles == nil ? preprocessing : preprocessing.decoding(.full))
    let pipeline = RecordPipeline(
      task, batchSize: 1, workers: workers, options: options,
      visitor: try DetectionDrawing(drawing, options: options), predict: predict)
    try pipeline.run(source) { try writer.write($0) }
    try writer.end()
    return writer.tally
  }
}
