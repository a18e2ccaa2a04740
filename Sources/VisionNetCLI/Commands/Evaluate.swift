import ArgumentParser
import VisionCompute
import VisionNet

/// `visionnet evaluate`: how well a model does on pictures whose classes are known.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure how well a model does on pictures whose classes are known.",
    discussion: """
      DATA is a folder with a folder of pictures for each class, or a CSV file of path,label: all of it is taken. Of a \
      folder with train/, val/ and test/, test/ is taken, or else val/; --split says otherwise. The classes must be the \
      model's.

      Intervals are those of Wilson at 95 %. The page of --format html holds everything in one file.
      """)

  /// The part of the data.
  enum Part: String, ExpressibleByArgument, CaseIterable { case train, val, test, all }

  @Argument(help: "A model file, or the name of a published model.", completion: .file())
  var model: String

  @Argument(help: "A folder of class folders, or a CSV file of path,label.", completion: .directory)
  var data: String

  /// How the figures are written.
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, html }

  @Option(help: "How to write it: text, json or html, a page with pictures and heat maps.")
  var format = Format.text

  @Option(name: .shortAndLong, help: "Write it to this file. (default: standard output)", completion: .file())
  var output: String?

  @Option(help: "The part of the data: train, val, test or all.")
  var split: Part?

  @Option(help: "Threads to use. (default: one a core)")
  var threads: Int?

  @Option(help: "What convolutions and dense layers multiply: float32 or bf16.")
  var precision = ComputePrecision.float32

  @Option(help: "Names of the classes, one a line; for ONNX files of others.", completion: .file())
  var labels: String?

  @Option(help: "Preprocessing as JSON; for ONNX files of others.", completion: .file())
  var preprocessing: String?

  @Flag(help: "Stop when a picture cannot be read.")
  var strict = false

  @Flag(help: "Never touch the network.")
  var offline = false

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  func validate() throws {
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
  }

  func run() throws {
    let messages = Messages(quiet: quiet)
    let folder = try ImageFolder(data, validation: 0)
    for note in folder.notes { messages.note(FilePath(note).printable) }
    try folder.checkSingleLabel()
    let (pictures, part) = try pictures(of: folder)
    let names = try labels.map { try Labels.read($0) }
    let steps = try preprocessing.map { try PreprocessingFile.read($0) }
    let path = try ModelLocator(offline: offline, messages: messages).path(of: model)
    if let note = precision.note { messages.note(note) }
    let classifier = try ImageClassifier(
      contentsOf: path, preprocessing: steps, labels: names, threads: 1, precision: precision)
    let output = try Output(path: output)
    messages.note("\(pictures.count) pictures of \(part)")
    let began = POSIX.seconds
    let result = try classifier.evaluate(pictures, classes: folder.labels, threads: threads)
    let skipped = folder.skipped + result.skipped
    for file in skipped { messages.error("\(FilePath(file.path).printable): \(file.message)") }
    if strict, let first = skipped.first {
      throw CommandError(.data, "cannot be used: \(first.message)", place: FilePath(first.path).printable)
    }
    let report = MetricsReport(metrics: result.metrics)
    let seconds = POSIX.seconds - began
    switch format {
    case .json:
      let head: [(String, JSON)] = [
        ("schema", JSON.schema), ("model", .string(model)), ("data", .string(data)), ("split", .string(part)),
      ]
      let tail: [(String, JSON)] = [
        ("skipped", JSON.list(skipped)), ("seconds", .number(Figures.rounded(seconds, 2))),
      ]
      try output.writeLine(JSON.object(head + report.members + tail).indented)
    case .text: try output.writeLine(report.text)
    case .html:
      let options = [("--labels", labels), ("--preprocessing", preprocessing)].compactMap { name, file in
        file.map { (name: name, file: $0) }
      }
      let page = EvaluationPage(
        model: model, path: path, data: folder, part: part, classifier: classifier, result: result,
        skipped: skipped, seconds: seconds, options: options, threads: threads)
      try output.write(page.html)
    }
    if !skipped.isEmpty { throw ExitStatus.incomplete.exitCode }
  }

  private func pictures(of folder: ImageFolder) throws -> ([LabelledPicture], String) {
    let hasParts = folder.split == .given || !folder.test.isEmpty
    let part: Part = split ?? (!hasParts ? .all : folder.test.isEmpty ? .val : .test)
    let pictures =
      switch part {
      case .train: folder.training
      case .val: folder.validation
      case .test: folder.test
      case .all: folder.pictures
      }
    guard !pictures.isEmpty else {
      throw DatasetError(
        .noPictures, "there are no pictures\(split == nil ? "" : " of \(part.rawValue)")", place: data,
        remedy: "give a folder with a folder of PNG or JPEG files for each class")
    }
    return (pictures, part.rawValue)
  }
}
