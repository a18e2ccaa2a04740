import ArgumentParser
import VisionData
import VisionNet

/// `visionnet annotations show`.
struct AnnotationsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Read annotations and print classes, counts and everything that was noticed.",
    discussion: """
      Nothing is changed. Exit codes: 0 everything was read; 2 some images were left out; 64 there are \
      several kinds of annotations; 65 a file is damaged or contradicts itself; 66 there is no such path.
      """)

  @Argument(help: "A folder of annotated images, or a file of annotations.", completion: .file())
  var data: String

  @OptionGroup var reading: AnnotationFlags

  @Option(help: "Output format.")
  var format = ReportFormat.text

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func run() throws {
    let report = AnnotationReport(data: data, set: try reading.read(data))
    try Output().writeLine(format == .json ? report.json.indented : report.text)
    if !report.set.skipped.isEmpty { throw ExitStatus.incomplete.exitCode }
  }
}
