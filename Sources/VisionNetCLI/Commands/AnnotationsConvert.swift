import ArgumentParser
import VisionData
import VisionNet
import VisionSystem

/// `visionnet annotations convert`.
struct AnnotationsConvert: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write annotations in another format, with the images beside them.",
    usage: "visionnet annotations convert <data> --to <to> --output <output> [<options>]",
    discussion: """
      OUT is a new folder in the layout that programs for the format expect; nothing is overwritten. Whatever \
      the format cannot hold is printed by name and number. Parts of the data (train, val, test) are kept.

      Exit codes: 0 converted; 2 converted, but some images were left out; 64 usage, or several kinds of \
      annotations; 65 bad annotations; 66 there is no such path; 74 OUT exists or cannot be written.
      """)

  @Argument(help: "A folder of annotated images, or a file of annotations.", completion: .file())
  var data: String

  @Option(help: "The format to write.")
  var to: AnnotationFormat

  @Option(name: .shortAndLong, help: "The folder to create.", completion: .directory)
  var output: String

  @OptionGroup var reading: AnnotationFlags

  @Option(
    help: "The images in the new folder; link makes symbolic links to the files.")
  var images = ImagePlacement.link

  @Option(help: "Output format.")
  var format = ReportFormat.text

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func run() throws {
    let messages = saying.messages
    let set = try reading.read(data)
    let written = try set.write(as: to, to: output, images: images)
    let report = AnnotationReport(data: data, set: set)
    if format == .json {
      try Output().writeLine(report.conversion(to: to, output: output, notes: written).indented)
    } else {
      for note in set.notes {
        if note.kind.isWarning { messages.warning("\(note)") } else { messages.note("\(note)") }
      }
      for file in set.skipped {
        messages.warning("\(FilePath(file.path).printable): \(file.message.escapingControls): left out")
      }
      for note in written {
        if note.kind.isLoss { messages.loss("\(to.title): \(note)") } else { messages.note("\(note)") }
      }
      try Output().writeLine(FilePath(output).printable)
    }
    if !set.skipped.isEmpty { throw ExitStatus.incomplete.exitCode }
  }
}
