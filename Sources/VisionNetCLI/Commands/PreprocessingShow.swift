import VisionImage
import ArgumentParser
import VisionNet
import VisionSystem

/// `visionnet preprocessing show`: a preprocessing as JSON.
struct PreprocessingShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print a preprocessing as JSON, in the form that --preprocessing reads.",
    discussion: """
      SUBJECT is a preset, a pretrained model, a model file that contains its preprocessing, or a JSON file: \
      VisionNet's, a preprocessor_config.json of transformers or a config.json of timm.

      A preset takes its size and channels from the network it is used with; here --size and --channels set \
      them.
      """)

  @Argument(help: "A preset, a pretrained model, a model file or a JSON file.", completion: .file())
  var subject: String

  @Option(help: "Height and width of a preset: one number, or HEIGHTxWIDTH. (default: 224)")
  var size: String?

  @Option(help: "Channels of a preset: 1 or 3. (default: 3)")
  var channels: Int?

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func validate() throws {
    guard size == nil || sides != nil else {
      throw ValidationError(
        "--size is one number or HEIGHTxWIDTH, from 1 to \(Preprocessing.sides.upperBound)")
    }
    guard channels.map({ $0 == 1 || $0 == 3 }) ?? true else { throw ValidationError("--channels is 1 or 3") }
  }

  func run() throws {
    let source = try source()
    if case .exact = source, size != nil || channels != nil {
      throw CommandError(
        .usage,
        "--size and --channels are for presets; the sides of '\(FilePath(subject).printable)' are given")
    }
    let steps = try source.resolved(height: sides?.height, width: sides?.width, channels: channels)
    try Output().writeLine(PreprocessingText.json(steps).indented)
  }

  private var sides: (height: Int, width: Int)? {
    guard let parts = size?.split(separator: "x", omittingEmptySubsequences: false), parts.count <= 2 else {
      return nil
    }
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, numbers.allSatisfy(Preprocessing.sides.contains),
      let height = numbers.first, let width = numbers.last
    else { return nil }
    return (height, width)
  }

  private func source() throws -> PreprocessingSource {
    if let preset = PreprocessingPreset(rawValue: subject) { return .preset(preset) }
    let locator = ModelLocator(offline: true, messages: saying.messages)
    let file = FilePath(subject)
    if !subject.contains("/"), let published = locator.preprocessing(of: subject) { return .exact(published) }
    guard file.kind != .missing, !Self.looksLikeText(file.beginning(16)) else {
      return try PreprocessingFile.read(subject)
    }
    guard let steps = try Model(contentsOf: subject).preprocessing else {
      throw CommandError(
        .data, "the model does not say how images become its input", place: file.printable,
        remedy: "the documents of whoever trained it say; see 'visionnet preprocessing list'")
    }
    return .exact(steps)
  }

  /// Whether a file is JSON and not a model: after an optional byte order mark, it begins with a brace, a
  /// bracket or white space.
  private static func looksLikeText(_ bytes: [UInt8]) -> Bool {
    let marks: Set<UInt8> = [0xEF, 0xBB, 0xBF, 0xFE, 0xFF, 0x00]
    guard let first = bytes.first(where: { !marks.contains($0) }) else { return true }
    return [UInt8(ascii: "{"), UInt8(ascii: "["), 0x20, 0x09, 0x0A, 0x0D].contains(first)
  }
}
