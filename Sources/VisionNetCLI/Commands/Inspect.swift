import ArgumentParser
import VisionNet

/// `visionnet inspect`: what a model or a picture is.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a picture or a model is.",
    discussion: """
      A picture: format, size, orientation. A model: its layers with totals, its labels, its preprocessing.
      """)

  @Argument(help: "A picture, a model file, or the name of a published model.", completion: .file())
  var subject: String

  @Option(help: "How to write it: text or json.")
  var format = ReportFormat.text

  func run() throws {
    let path = RawArguments.path(subject)
    let report = try PictureReport(path)
    try Output().writeLine(format == .json ? report.json.indented : report.text)
  }
}

/// Text for people or JSON for programs.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}
