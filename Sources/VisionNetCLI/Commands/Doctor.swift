import VisionData
import ArgumentParser
import VisionTasks
import VisionTraining
import VisionNet

/// `visionnet doctor`: checks a folder of images.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Find problems in a folder of images before training on it.",
    discussion: """
      DATA is what train takes: a folder with one folder of images per class, a folder with train/ and val/ \
      (and optionally test/) of such folders, a table of paths and labels, or images with annotated boxes. \
      Nothing is changed.

      The report lists unreadable files, files with a wrong extension, rotated, unusual, tiny and huge \
      images, classes with few images, files that training ignores, and duplicates: equal files, equal \
      pixels, and images that look the same after resizing, recompression, a change of brightness or a crop \
      of 5 %. Errors are unusable or contradictory data, warnings are possible problems, notes are \
      information.

      For boxes it also lists what the annotations contradict or leave out, objects with two boxes, equal \
      images with different boxes, objects too small for a detector's input, rare classes, and images that \
      look turned against their boxes.

      Exit codes: 0 no errors; 2 errors, including unreadable files (with --fail-on-warnings also warnings); 66 no \
      such folder.
      """)

  @Argument(
    help: "A folder of class folders, a table of paths and labels, or images with annotated boxes.",
    completion: .directory)
  var data: String

  @Option(help: "Output format.")
  var format = ReportFormat.text

  @Option(help: "The network's input size in pixels, such as 224; images below half of it count as tiny.")
  var imageSize: Int?

  @Option(help: "Threads to use. (default: one per core)")
  var threads: Int?

  @Option(help: "The column of a table that holds the labels, by its heading. (default: detected)")
  var labelColumn: String?

  @OptionGroup var annotated: AnnotationsOption

  @Option(help: "What the data are for: classification or detection. (default: by what they are)")
  var task: TaskChoice?

  @Flag(inversion: .prefixedNo, help: "Search for images that look the same.")
  var near = true

  @Flag(help: "Write every finding, not only the first of each kind; JSON always has all.")
  var all = false

  @Flag(help: "Exit with code 2 for warnings too.")
  var failOnWarnings = false

  @Flag(help: ArgumentHelp("The former name of --fail-on-warnings.", visibility: .hidden))
  var strict = false

  @Flag(
    help: "Treat files with small defects as unreadable, even if they have all their pixels.")
  var strictDecoding = false

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func validate() throws {
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
    guard imageSize.map({ (1...65535).contains($0) }) ?? true else {
      throw ValidationError("--image-size must be from 1 to 65535")
    }
  }

  func run() throws {
    let bar = ProgressBar(saying.messages)
    let options = DatasetExamination.Options(
      imageSize: imageSize, findsNearDuplicates: near, threads: threads,
      isStrictDecoding: strictDecoding, labelColumn: labelColumn)
    let examination: DatasetExamination
    do {
      let report: @Sendable (Int, Int) -> Void = { done, total in
        bar.show("\(done)/\(total) files read", isLast: done == total)
      }
      examination =
        try annotated.areBoxes(data, task: task)
        ? try DatasetExamination(
          boxes: data, options: options, annotations: annotated.options, input: { $0.detectorInput },
          report: report)
        : try DatasetExamination(data, options: options, report: report)
    } catch {
      bar.close()
      throw error
    }
    bar.close()
    let report = DoctorReport(examination: examination)
    let output = try Output()
    try output.writeLine(
      format == .json
        ? report.json.indented : report.text(isComplete: all, style: TextStyle(for: output)))
    let worst = examination.findings.first?.severity ?? .note
    if worst >= (strict || failOnWarnings ? .warning : .error) { throw ExitStatus.incomplete.exitCode }
  }
}
