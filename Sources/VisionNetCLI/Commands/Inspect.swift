import ArgumentParser
import VisionNet

/// `visionnet inspect`: what a model or a picture is.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a picture or a model is.",
    discussion: """
      A picture: format, size, orientation. A model: its layers with totals, its labels, its preprocessing.
      """)

  @Argument(
    help: "A picture, a model file, or the name of a published model or of an architecture.",
    completion: .file())
  var subject: String

  @Option(help: "How to write it: text or json.")
  var format = ReportFormat.text

  @Flag(help: "Never touch the network.")
  var offline = false

  func run() throws {
    let path = RawArguments.path(subject)
    let output = try Output()
    if isPicture(path) {
      let report = try PictureReport(path)
      try output.writeLine(format == .json ? report.json.indented : report.text)
    } else {
      let report = try modelReport(path)
      try output.writeLine(format == .json ? report.json.indented : report.text)
    }
  }

  private func modelReport(_ path: FilePath) throws -> ModelReport {
    let locator = ModelLocator(offline: offline, messages: Messages())
    if path.kind == .missing, !locator.isPublished(subject) {
      if let architecture = Architecture.named(subject) { return try ModelReport(architecture) }
      throw CommandError(
        .noInput, "no such file, and no model of that name", place: path.printable,
        remedy: "visionnet models list names the models")
    }
    return try ModelReport(path: try locator.path(of: subject))
  }

  /// An ONNX file begins with its version, field 1 of the message; what is neither that nor named as a model is
  /// taken for a picture, whose reader knows the names of many formats.
  private func isPicture(_ path: FilePath) -> Bool {
    if PictureName.matches(path.bytes) { return true }
    guard path.kind != .missing else { return false }
    if path.text.lowercased().hasSuffix(".onnx") { return false }
    return path.beginning(1) != [0x08]
  }
}

/// Text for people or JSON for programs.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}
