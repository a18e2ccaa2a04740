import VisionImage
import ArgumentParser
import VisionNet

/// `visionnet preprocess`: writes the image as a network sees it.
struct Preprocess: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preprocess",
    abstract: "Write the image that a network sees: resized and cropped, before normalization.")

  @Argument(help: "The image; - for standard input.", completion: .file())
  var image: String

  @Option(name: .shortAndLong, help: "A pretrained model or a model file.")
  var model = ModelLocator.standardModel

  @Option(help: "Preprocessing as JSON, instead of the model's.", completion: .file())
  var preprocessing: String?

  @Option(
    name: .shortAndLong, help: "The file to write; its extension, .png or .jpg, sets the format.",
    completion: .file())
  var output: String

  @Flag(help: "Decode truncated or damaged images as far as possible instead of refusing them.")
  var allowTruncated = false

  @OptionGroup(title: "Reading images") var decoding: DecodingFlags

  @Option(help: "Output format.")
  var format = ReportFormat.text

  @OptionGroup var overwriting: OverwriteFlag

  @OptionGroup(title: "Messages") var saying: MessageFlags

  @Flag(help: "Work offline: download nothing.")
  var offline = false

  func validate() throws {
    guard ImageFormat(path: output)?.isWritten == true else {
      throw ValidationError("the name of the file to write must end with .png or .jpg: '\(output)'")
    }
  }

  func run() throws {
    try overwriting.check(output)
    let steps = try steps()
    let decoded = try FilePath.image(image).imageOrRemedy(
      options: ImageOptions(
        allowsTruncated: allowTruncated, isStrict: decoding.strictDecoding, levels: try decoding.levels(),
        preprocessing: steps))
    if let damage = decoded.damage ?? decoded.warning {
      saying.messages.note("\(FilePath(image).printable): \(damage)")
    }
    try steps.image(of: decoded).write(to: output)
    try WrittenFiles(output).write(format, isSilent: true)
  }

  private func steps() throws -> Preprocessing {
    if let preprocessing {
      let source = try PreprocessingFile.read(preprocessing)
      if case .exact(let steps) = source { return steps }
      // A preset takes the size of the network.
      return try networkSides(source)
    }
    let locator = ModelLocator(offline: offline, messages: saying.messages)
    if let published = locator.preprocessing(of: model) { return published }
    let path = try locator.path(of: model)
    guard let steps = try Model(contentsOf: path).preprocessing else {
      throw CommandError(
        .data, "the model does not say how images become its input", place: path,
        remedy: "give the preprocessing with --preprocessing FILE")
    }
    return steps
  }

  private func networkSides(_ source: PreprocessingSource) throws -> Preprocessing {
    let path = try ModelLocator(offline: offline, messages: saying.messages).path(of: model)
    let model = try Model(contentsOf: path, preprocessing: source)
    guard let steps = model.preprocessing else {
      return try source.resolved(height: nil, width: nil, channels: nil)
    }
    return steps
  }
}
