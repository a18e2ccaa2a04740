import ArgumentParser
import VisionNet

/// `visionnet doctor`: checks a folder of images.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what is wrong with a folder of images, before training on it.",
    discussion: """
      DATA is what train takes: a folder with a folder of images for each class, one with train/ and val/ (and \
      test/) of such folders, or a table of paths and labels. Nothing is changed.

      Found are files that cannot be read or are not what their name says, turned, odd, tiny and huge images, \
      classes of few images, what training leaves out, and images that are there twice: equal files, equal pixels, \
      and images that look the same after resizing, recompression, a change of brightness or a crop by a twentieth. \
      Errors are what cannot be used or contradicts itself, warnings what may harm, notes what is good to know.

      Exit codes: 0 no errors; 2 errors, unreadable files among them (with --strict also for warnings); 66 no such \
      folder.
      """)

  @Argument(help: "A folder of class folders, or a table of paths and labels.", completion: .directory)
  var data: String

  @Option(help: "How to write it: text or json.")
  var format = ReportFormat.text

  @Option(help: "The side of the images that the network gets, such as 224; less than half of it is tiny.")
  var imageSize: Int?

  @Option(help: "Threads to use. (default: one per core)")
  var threads: Int?

  @Option(help: "The column of a table that holds the labels, by its heading. (default: found out)")
  var labelColumn: String?

  @Flag(inversion: .prefixedNo, help: "Search for images that look the same.")
  var near = true

  @Flag(help: "Write every finding, not only the first of each kind; JSON has them all.")
  var all = false

  @Flag(help: "End with exit code 2 for warnings too.")
  var strict = false

  @Flag(
    help: "Take files that are not quite as they should be for unreadable, though every pixel is there.")
  var strictDecoding = false

  @Flag(name: .shortAndLong, help: "Print nothing but errors.")
  var quiet = false

  func validate() throws {
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
    guard imageSize.map({ (1...65535).contains($0) }) ?? true else {
      throw ValidationError("--image-size must be from 1 to 65535")
    }
  }

  func run() throws {
    let meter = DoctorMeter(Messages(quiet: quiet))
    let options = DatasetExamination.Options(
      imageSize: imageSize, findsNearDuplicates: near, threads: threads,
      isStrictDecoding: strictDecoding, labelColumn: labelColumn)
    let examination: DatasetExamination
    do {
      examination = try DatasetExamination(data, options: options) { meter.show($0, of: $1) }
    } catch {
      meter.close()
      throw error
    }
    meter.close()
    let report = DoctorReport(examination: examination)
    try Output().writeLine(format == .json ? report.json.indented : report.text(isComplete: all))
    let worst = examination.findings.first?.severity ?? .note
    if worst >= (strict ? .warning : .error) { throw ExitStatus.incomplete.exitCode }
  }
}
