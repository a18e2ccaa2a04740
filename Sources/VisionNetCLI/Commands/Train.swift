import ArgumentParser
import VisionCompute
import VisionNet

/// `visionnet train`: a folder of pictures in, a model out.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a classifier of your own pictures.",
    discussion: """
      DATA is a folder with a folder of PNG and JPEG pictures for each class, or one with train/ and val/ (and test/) \
      of such folders, or a CSV file of path,label. The pictures are only read.

      A published network describes each picture by numbers, which are kept in the cache for the next time; on these \
      a new last layer is trained. Without val/, a fifth of the pictures is held back to choose settings on and for \
      the figures; the layer in the model then learns from all of them. Pictures in val/ and test/ are never trained on.

      The run's folder gets model.onnx, metrics.json, config.yaml and events.jsonl.
      """)

  @Argument(help: "A folder of class folders, or a CSV file of path,label.", completion: .directory)
  var data: String

  @Option(name: .shortAndLong, help: "The network to start from: a published model or a model file.")
  var model = ModelLocator.standardModel

  @Option(help: "The part of the pictures to hold back for validation when there is no val/.")
  var validation = 0.2

  @Option(help: "Another seed holds back other pictures.")
  var seed: UInt64 = 0

  @Option(help: "Threads to use. (default: one a core)")
  var threads: Int?

  @Option(name: .shortAndLong, help: "The run's folder. (default: runs/DATA-N)", completion: .directory)
  var output: String?

  @Flag(help: "Stop at the first picture that cannot be read, instead of skipping it.")
  var strict = false

  @Flag(help: "Say what would be trained on what, and do nothing.")
  var dryRun = false

  @Flag(help: "Neither look for features in the cache nor keep them.")
  var noCache = false

  @Flag(help: "Never touch the network.")
  var offline = false

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say more: every setting that is tried.")
  var verbose = false

  func validate() throws {
    guard validation >= 0, validation < 1 else {
      throw ValidationError("--validation must be at least 0 and below 1")
    }
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
    guard !(quiet && verbose) else { throw ValidationError("--quiet and --verbose contradict each other") }
  }

  func run() throws {
    let messages = Messages(quiet: quiet, verbose: verbose)
    let folder = try ImageFolder(data, validation: validation, seed: seed)
    try folder.check()
    try folder.checkSingleLabel()
    let run = try RunFolder(wanted: output, data: folder)
    describe(folder, messages)
    if dryRun {
      messages.note("a dry run: the model would be in \(run.file("model.onnx"))")
      return
    }
    Interrupt.watch()
    let path = try ModelLocator(offline: offline, messages: messages).path(of: model)
    let backbone = try Backbone(Model(contentsOf: path))
    try run.make()
    try run.write(configuration(folder), to: "config.yaml")

    let meter = try TrainingMeter(messages, events: Output(path: run.file("events.jsonl")))
    meter.add([
      "event": "start", "training": .integer(folder.training.count),
      "validation": .integer(folder.validation.count), "test": .integer(folder.test.count),
    ])
    let cache = noCache ? nil : UserFolders.cache().map { "\($0)/features" }
    let learning = TransferLearning(backbone, threads: threads, cacheFolder: cache, isStrict: strict)
    let result: TransferLearning.Result
    do {
      result = try learning.train(
        on: folder, isCancelled: { Interrupt.isPressed }, report: { meter.show($0) })
    } catch {
      meter.close()
      meter.add(["event": "failed", "code": .string(error.code), "message": .string(error.description)])
      throw error
    }
    try result.model.write(to: run.file("model.onnx"))
    let report = TrainingReport(result: result, seconds: meter.seconds)
    try run.write(report.json.indented + "\n", to: "metrics.json")
    meter.add(["event": "finished", "seconds": .number(Figures.rounded(meter.seconds, 3))])
    try Output().writeLine(report.text(model: run.file("model.onnx")))
    if !result.skipped.isEmpty { throw ExitStatus.incomplete.exitCode }
  }

  private func describe(_ folder: ImageFolder, _ messages: Messages) {
    for note in folder.notes { messages.note(FilePath(note).printable) }
    var text =
      "\(FilePath(folder.name).printable): \(folder.labels.count) classes, \(folder.training.count) pictures to train on, "
    text += "\(folder.validation.count) to validate"
    text += folder.split == .given ? " (given)" : folder.validation.isEmpty ? "" : " (held back)"
    if !folder.test.isEmpty { text += ", \(folder.test.count) to test" }
    messages.note(text)
    for file in folder.skipped where dryRun {
      messages.error("\(FilePath(file.path).printable): skipped, \(file.message)")
    }
  }

  /// Every setting as it was used; text in JSON's quotation marks is YAML too.
  private func configuration(_ folder: ImageFolder) -> String {
    let settings: [(String, JSON)] = [
      ("data", .string(data)), ("model", .string(model)), ("fine-tune", "none"),
      ("validation", folder.split == .given ? "given" : .number(validation)), ("seed", .verbatim("\(seed)")),
      ("threads", .integer(threads ?? Executor.availableThreads)), ("strict", .bool(strict)),
      ("offline", .bool(offline)), ("cache", .bool(!noCache)),
    ]
    return settings.map { "\($0.0): \($0.1.text)\n" }.joined()
  }
}
