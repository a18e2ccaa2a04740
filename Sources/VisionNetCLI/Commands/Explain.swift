import VisionImage
import ArgumentParser
import VisionNet
import VisionSystem

/// `visionnet explain`: shows where in an image the evidence for a label is.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show why an image gets its label.",
    discussion: """
      Writes the image in gray with colors over the regions that are evidence for the label; lighter colors \
      mean more evidence. Parts that the network does not see are dark. With -k, one image is written for \
      each of the most likely labels.

      Evidence is measured at the network's last feature map (HiResCAM). It is coarse, and shows what the \
      network relies on, not what is in the image.
      """)

  @Argument(help: "An image; - for standard input.", completion: .file())
  var image: String

  @Option(name: .shortAndLong, help: "A pretrained model, downloaded on first use, or a model file.")
  var model = ModelLocator.standardModel

  @Option(
    name: [.customShort("k", allowingJoined: true), .long],
    help: "The number of most likely labels to explain. (default: 1)")
  var topK: Int?

  @Option(name: .customLong("class"), help: "The label to explain, whether or not it is likely.")
  var label: String?

  @Option(
    name: .shortAndLong,
    help:
      "The PNG or JPEG file to write; with -k, NAME-1.png, NAME-2.png, … (default: IMAGE-heat.png here)",
    completion: .file())
  var output: String?

  @Option(help: "Threads to use. (default: one per core)")
  var threads: Int?

  @OptionGroup(title: "Model files") var modelOptions: ModelOptions

  @Flag(help: "Decode truncated or damaged images as far as possible instead of refusing them.")
  var allowTruncated = false

  @Flag(help: "Work offline: download nothing.")
  var offline = false

  @Option(help: "Output format.")
  var format = ReportFormat.text

  @OptionGroup var overwriting: OverwriteFlag

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func validate() throws {
    guard topK.map({ (1...1000).contains($0) }) ?? true else {
      throw ValidationError("--top-k must be from 1 to 1000")
    }
    guard topK == nil || label == nil else {
      throw ValidationError("--top-k and --class contradict each other")
    }
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
  }

  func run() throws {
    let messages = saying.messages
    let name = try FilePath.image(image)
    let target = output ?? Self.target(for: name)
    guard ImageFormat(path: target)?.isWritten == true else {
      throw CommandError(
        .usage, "the file name asks for neither PNG nor JPEG", place: FilePath(target).printable,
        remedy: "end it with .png or .jpg")
    }
    let files = topK.map { count in (1...count).map { Self.numbered(target, $0) } } ?? [target]
    if let file = files.first(where: { Self.isSame($0, name) }) {
      throw CommandError(
        .usage, "the image itself would be overwritten", place: FilePath(file).printable,
        remedy: "give another name by --output")
    }
    try overwriting.check(files)
    // The overlay shows the whole image, even if the network sees only a part of it.
    let decoded = try name.imageOrRemedy(options: ImageOptions(allowsTruncated: allowTruncated))
    let path = try ModelLocator(offline: offline, messages: messages).path(of: model)
    let classifier = try modelOptions.classifier(path, threads: threads, messages)
    let explainer = try Explainer(classifier.model, preprocessing: classifier.preprocessing)
    let isWhole = classifier.preprocessing.decoding == .full
    var reading = classifier.reading()
    reading.allowsTruncated = allowTruncated
    let seen = isWhole ? decoded : try name.image(options: reading)
    let predictions = try predictions(classifier, seen)
    var written = WrittenFiles()
    for (rank, prediction) in predictions.enumerated() {
      let file = files[rank]
      let map = try explainer.heatMap(of: seen, class: prediction.index, threads: threads)
      if map.isEmpty {
        messages.note("no region is evidence for \(FilePath(prediction.label).printable)")
      }
      try map.overlay(on: decoded).write(to: file)
      let probability = Classification.hundredths(prediction.probability)
      written.add(
        file, line: "\(FilePath(prediction.label).printable) \(probability)  \(FilePath(file).printable)",
        [("label", .string(prediction.label)), ("probability", .float(prediction.probability))])
    }
    if format == .text {
      let hides = Self.hides(decoded, classifier.preprocessing)
      messages.note(
        "the lighter the color, the more evidence; gray is none\(hides ? ", dark is not seen by the network" : "")"
      )
    }
    try written.write(format)
  }

  /// Whether the network sees only a part of an image.
  private static func hides(_ image: Image, _ preprocessing: Preprocessing) -> Bool {
    let geometry = preprocessing.geometry(width: image.width, height: image.height)
    let (first, last) = (
      geometry.map(x: 0.5, y: 0.5), geometry.map(x: Double(image.width) - 0.5, y: Double(image.height) - 0.5)
    )
    return first.x < 0 || first.y < 0 || last.x > Double(geometry.input.width)
      || last.y > Double(geometry.input.height)
  }

  /// The predictions to explain: the most likely classes, or the class named by `--class`.
  private func predictions(_ classifier: ImageClassifier, _ decoded: Image) throws -> [Prediction] {
    guard let label else { return try classifier.classify(decoded, top: topK ?? 1) }
    let all = try classifier.classify(decoded, top: classifier.labels.count)
    let isExact: (String) -> Bool = { $0.utf8.elementsEqual(label.utf8) }
    let found = all.first { isExact($0.label) } ?? all.first { $0.label.lowercased() == label.lowercased() }
    guard let found else {
      let near = NearestNames.of(label, in: classifier.labels)
      throw CommandError(
        .usage, "the model has no class '\(FilePath(label).printable)'",
        remedy: near.isEmpty
          ? "give one of its \(classifier.labels.count) labels"
          : "perhaps \(near.map { "'\(FilePath($0).printable)'" }.joined(separator: " or "))")
    }
    return [found]
  }

  /// Whether both names refer to the same file.
  private static func isSame(_ path: String, _ other: FilePath) -> Bool {
    var (a, b) = (stat(), stat())
    guard other.content == nil, stat(path, &a) == 0, other.withCString({ stat($0, &b) }) == 0 else {
      return false
    }
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino
  }

  /// `photos/dog.jpg` becomes `dog-heat.png` in the current folder.
  static func target(for path: FilePath) -> String {
    if path.content != nil { return "image-heat.png" }
    let name = path.text.split(separator: "/").last.map(String.init) ?? "image"
    let stem = name.lastIndex(of: ".").map { $0 > name.startIndex ? String(name[..<$0]) : name } ?? name
    return "\(stem)-heat.png"
  }

  /// `heat.png` becomes `heat-2.png`.
  static func numbered(_ path: String, _ rank: Int) -> String {
    guard let dot = path.lastIndex(of: ".") else { return "\(path)-\(rank)" }
    return "\(path[..<dot])-\(rank)\(path[dot...])"
  }
}
