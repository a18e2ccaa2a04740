import VisionImage
import ArgumentParser
import VisionNet

/// `visionnet convert`: writes any readable image as an upright RGB PNG or JPEG.
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Decode an image and write it as PNG or JPEG, upright and in RGB.")

  @Argument(help: "The image, in any format that can be read; - for standard input.", completion: .file())
  var input: String

  @Argument(help: "The file to write; its extension, .png or .jpg, sets the format.", completion: .file())
  var output: String

  @Flag(
    name: .customLong("no-orientation"),
    help: "Ignore the orientation in EXIF and XMP and keep the image as stored.")
  var ignoresOrientation = false

  @Flag(help: "Decode truncated or damaged images as far as possible instead of refusing them.")
  var allowTruncated = false

  @OptionGroup(title: "Reading images") var decoding: DecodingFlags

  @Option(help: "JPEG quality, 1 to 100.")
  var quality = 90

  @Option(help: "Output format.")
  var format = ReportFormat.text

  @OptionGroup var overwriting: OverwriteFlag

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func validate() throws {
    guard ImageFormat(path: output)?.isWritten == true else {
      throw ValidationError("the name of the file to write must end with .png or .jpg: '\(output)'")
    }
    guard (1...100).contains(quality) else { throw ValidationError("--quality must be from 1 to 100") }
  }

  func run() throws {
    try overwriting.check(output)
    let image = try FilePath.image(input).imageOrRemedy(
      options: ImageOptions(
        appliesOrientation: !ignoresOrientation, allowsTruncated: allowTruncated,
        isStrict: decoding.strictDecoding, levels: try decoding.levels()))
    if let damage = image.damage ?? image.warning {
      saying.messages.note("\(FilePath(input).printable): \(damage)")
    }
    try image.write(to: output, quality: quality)
    try WrittenFiles(output).write(format, isSilent: true)
  }
}
