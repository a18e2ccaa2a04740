import VisionRuntime
import VisionImage
import ArgumentParser
import VisionCompute
import VisionNet
import VisionSystem

/// `visionnet evaluate`: measures a model on images whose classes are known.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model on images whose classes or objects are known.",
    discussion: """
      For a detector, DATA is a folder of annotated images or a file of annotations, as for 'visionnet \
      annotations', and the results are COCO's: average precision and recall over overlaps (IoU) from 0.5 to \
      0.95, of small, medium and large objects, as pycocotools computes them.

      DATA is a folder with one folder of images per class, or a table of paths and labels. If it is split \
      into train/, val/ and test/, the images of test/ are used, or of val/ if there is no test/; otherwise \
      all images. --split chooses another part. The classes must be those of the model, or some of them.

      Images that the model was trained on are recognized by hashes in the model file and reported in a \
      warning, because results on them do not apply to new images. An image that was saved again is not \
      recognized.

      Intervals are Wilson score intervals at 95 %. The page of --format html is a single self-contained \
      file.
      """)

  /// The part of the data.
  enum Part: String, ExpressibleByArgument, CaseIterable { case train, val, test, all }

  @Argument(help: "A model file, or the name of a pretrained model; also by -m.", completion: .file())
  var model: String

  @Argument(help: "A folder of class folders, or a table of paths and labels.", completion: .directory)
  var data: String

  /// The output format.
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, html }

  @Option(help: "Output format; html is a page with images and heat maps.")
  var format = Format.text

  @Option(
    name: .shortAndLong, help: "Write the results to this file. (default: standard output)",
    completion: .file())
  var output: String?

  @Option(help: "The part of the data. (default: test, or else val, or else all)")
  var split: Part?

  @Option(help: "Threads to use. (default: one per core)")
  var threads: Int?

  @Option(help: "Number format in convolutions and dense layers.")
  var precision = ComputePrecision.float32

  @OptionGroup(title: "Model files") var modelOptions: ModelOptions

  @OptionGroup(title: "Boxes") var boxes: EvaluationFlags

  @Flag(help: "Stop when an image cannot be read.")
  var strict = false

  @OptionGroup(title: "Reading images") var decoding: DecodingFlags

  @Flag(help: "Work offline: download nothing.")
  var offline = false

  @Option(help: "The column of a table that holds the labels, by its heading. (default: detected)")
  var labelColumn: String?

  @OptionGroup var overwriting: OverwriteFlag

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func validate() throws {
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
  }

  func run() throws {
    let messages = saying.messages
    try overwriting.check(output)
    let path = try ModelLocator(offline: offline, messages: messages).path(of: model)
    if let source = try boxes.head.source(path, labels: modelOptions.labels) {
      let evaluation = DetectorEvaluation(
        model: model, data: data, annotations: boxes.annotated.options, source: source, split: split,
        threads: threads,
        options: ImageOptions(isStrict: decoding.strictDecoding, levels: try decoding.levels()),
        flags: boxes.selection,
        messages: messages)
      return try evaluation.run(format, try Output(path: output), isStrict: strict)
    }
    guard boxes.annotated.annotations == nil else {
      throw CommandError(.usage, "--annotations is about boxes, and the model is no detector", place: model)
    }
    try evaluateClassifier(path, messages)
  }

  private func evaluateClassifier(_ path: String, _ messages: Messages) throws {
    let folder = try ImageFolder(data, validation: 0, labelColumn: labelColumn)
    DatasetText(folder).sayNotes(messages)
    try folder.checkSingleLabel()
    let (images, part) = try images(of: folder)
    if let note = precision.note { messages.note(note) }
    let classifier = try modelOptions.classifier(path, threads: 1, precision: precision, messages)
    let notes = classifier.notes.count
    let output = try Output(path: output)
    messages.progress(EvaluatedImages(count: images.count, part: part).progress)
    let began = POSIX.seconds
    let result = try classifier.evaluate(
      images, classes: folder.labels,
      options: ImageOptions(isStrict: decoding.strictDecoding, levels: try decoding.levels()),
      threads: threads)
    for note in classifier.notes.dropFirst(notes) { messages.warning(FilePath(note).printable) }
    if let odd = OddImage.summary(result.odd) { messages.warning(odd) }
    let skipped = folder.skipped + result.skipped
    for file in skipped { messages.error("\(FilePath(file.path).printable): \(file.message)") }
    if strict, let first = skipped.first {
      throw CommandError(.data, "cannot be used: \(first.message)", place: FilePath(first.path).printable)
    }
    AbsentClassesText(result.metrics).say(messages)
    let seen = SeenReport(result, classifier, threads: threads)
    SeenReport.say(seen, messages)
    let report = MetricsReport(metrics: result.metrics, seen: seen)
    let seconds = POSIX.seconds - began
    switch format {
    case .json:
      let head: [(String, JSON)] = [
        ("schema", JSON.schema), ("model", .string(model)), ("data", .string(data)), ("split", .string(part)),
      ]
      let tail: [(String, JSON)] = [
        ("seenInTraining", seen?.json ?? .null),
        ("skipped", JSON.list(skipped)), ("seconds", .number(Figures.rounded(seconds, 2))),
      ]
      try output.writeLine(JSON.object(head + report.members + tail).indented)
    case .text: try output.writeLine(report.text)
    case .html:
      let page = EvaluationPage(
        model: model, path: path, data: folder, part: part, classifier: classifier, result: result,
        seen: seen, skipped: skipped, seconds: seconds, options: modelOptions.given, threads: threads)
      try output.write(page.html)
    }
    if !skipped.isEmpty { throw ExitStatus.incomplete.exitCode }
  }

  private func images(of folder: ImageFolder) throws -> ([LabeledImage], String) {
    let hasParts = folder.split == .given || !folder.test.isEmpty
    let part: Part = split ?? (!hasParts ? .all : folder.test.isEmpty ? .val : .test)
    let images =
      switch part {
      case .train: folder.training
      case .val: folder.validation
      case .test: folder.test
      case .all: folder.images
      }
    guard !images.isEmpty else {
      throw DatasetError(
        .noImages, "there are no images\(split == nil ? "" : " of \(part.rawValue)")", place: data,
        remedy: "give a folder with a folder of PNG or JPEG files for each class")
    }
    return (images, part.rawValue)
  }
}
