import ArgumentParser
import VisionCompute
import VisionImage
import VisionInference
import VisionNet
import VisionSystem
import VisionTasks

/// `visionnet faces`: finds faces, and what expressions they seem to have.
struct Faces: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "faces",
    abstract: "Find faces, mark them, cut them out or blur them.",
    discussion: """
      A folder means the images in it and in its subfolders, sorted by path; files are recognized by content \
      or extension, and hidden ones are skipped. '-' means standard input: either one image, or paths, one per \
      line.

      Boxes are given in pixels of the upright original: left, top, width and height; the five points are the \
      eyes, the tip of the nose and the corners of the mouth, each pair from the left of an upright image.

      --emotions adds how each face's expression looks: shares of the classes that the network was trained on, or \
      'unknown' where none reaches the network's threshold (0.4 where it has none) or the face is too small. These \
      are guesses at the labels that strangers gave to photos. They do not tell what a person feels, and are wrong \
      more often for people and situations that the training images show rarely: do not judge anyone by them.

      --blur is not perfect either: faces that are not found stay as they are.

      An image that cannot be read becomes an error record (in text format, a message), and the exit code is \
      2. If no image could be read, it is 65, or 66 if all of them were missing.
      """)

  @Argument(help: "Images, folders, or - for an image or paths on standard input.", completion: .file())
  var paths: [String]

  @OptionGroup(title: "Detector") var detection: FaceDetectorFlags

  @Flag(help: "Add how the faces' expressions look.")
  var emotions = false

  @Option(
    name: .shortAndLong,
    help:
      "The network for --emotions: a pretrained one, downloaded on first use, or a model file. (default: fer)"
  )
  var model: String?

  @Option(help: "Output format.")
  var format = RecordFormat.text

  @Option(
    name: .shortAndLong, help: "Write the results to this file. (default: standard output)",
    completion: .file())
  var output: String?

  @OptionGroup(title: "Written files") var drawing: FaceDrawingFlags

  @OptionGroup var call: ImageCallFlags

  func validate() throws {
    guard model == nil || emotions else {
      throw ValidationError("--model is the network for --emotions: give that, too")
    }
  }

  func run() throws {
    let messages = call.messages
    let failures = FolderFailures()
    let source = PathSource(
      RawArguments.paths(paths), messages: messages, failures: failures, separator: UInt8(ascii: "\n"))
    let (threads, workers) = call.workers(images: source.count)
    let faces = try makeDetector(threads: workers == 1 ? threads : 1, messages)
    let tally = try records(faces, of: source, workers: workers, messages)
    let status = tally.status(folderFailures: failures.count, stopsAtError: call.stopsAtError)
    if status != .success { throw status.exitCode }
  }

  private func makeDetector(threads: Int, _ messages: Messages) throws -> FaceDetector {
    let locator = ModelLocator(offline: call.offline, messages: messages)
    let path = try locator.path(of: detection.detector)
    messages.detail("detector \(path)")
    var classifier: ImageClassifier?
    if emotions {
      let path = try locator.path(of: model ?? "fer")
      messages.detail("emotions \(path)")
      classifier = try ImageClassifier(contentsOf: path, threads: threads)
    }
    // Better to hide too much than a face too few.
    let confidence = detection.confidence ?? (drawing.blur ? 0.5 : nil)
    let faces = try FaceDetector(
      contentsOf: path, emotions: classifier, confidence: confidence,
      findsLargeFaces: detection.largeFaces, threads: threads)
    if let note = faces.note { messages.detail(note) }
    return faces
  }

  private func records(
    _ faces: FaceDetector, of source: PathSource, workers: Int, _ messages: Messages
  ) throws -> RecordWriter.Tally {
    let target = try Output(path: output, overwrites: drawing.force)
    let writer = RecordWriter(
      target, RecordLayout(FaceDetection.self, subject: ["width", "height"]), format: format,
      isAligned: target.isTerminal,
      messages: messages, stopsAtError: call.stopsAtError)
    try writer.begin()
    let options = try call.options()
    let pipeline = RecordPipeline(
      faces.task, batchSize: 1, workers: workers, options: options,
      visitor: try FaceDrawing(drawing, options: options)
    ) { try $0.map { try faces.detect($0) } }
    try pipeline.run(source) { try writer.write($0) }
    try writer.end()
    return writer.tally
  }
}
