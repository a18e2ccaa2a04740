import ArgumentParser
import VisionData
import VisionNet
import VisionSystem
import VisionTasks

/// `visionnet quantize`: converts a model to int8.
struct Quantize: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Convert a model to int8: smaller, faster, nearly as accurate.",
    discussion: """
      Weights become int8 with one scale per output channel; activations become uint8 with ranges measured \
      on images of DATA, a folder with images at any depth. Nothing is trained. The output is an ONNX file \
      in QDQ form, which other runtimes can open too. A detector of others is written with its boxes and \
      scores decoded.

      The loss of accuracy is measured on other images of DATA, printed, and recorded in the file: the \
      signal-to-noise ratio of the outputs; for a classifier the share of images for which both models \
      predict the same class and, if every image is in a folder named after a class of the model, top-1 \
      before and after; for a detector the share of objects that both find and, if DATA has annotations, \
      the mean average precision before and after.
      """)

  /// How ranges are chosen.
  enum Method: String, ExpressibleByArgument, CaseIterable { case auto, minmax, percentile, mse }

  @Argument(help: "A model file, or the name of a pretrained model; also by -m.", completion: .file())
  var model: String

  @Argument(help: "A folder of images like those that the model will see.", completion: .directory)
  var data: String

  @Option(
    name: .shortAndLong, help: "The file to write. (default: MODEL-int8.onnx here)", completion: .file())
  var output: String?

  @Option(help: "Images for measuring the ranges.")
  var images = 128

  @Option(help: "Maximum number of other images for measuring the accuracy.")
  var testImages = 1000

  @Option(help: "Seed for the choice of images.")
  var seed: UInt64 = 0

  @Option(help: "How ranges are chosen; auto is the best of the others.")
  var method = Method.auto

  @Option(help: "Threads to use. (default: one per core)")
  var threads: Int?

  @OptionGroup(title: "Model files") var modelOptions: ModelOptions

  @Option(help: "Output format.")
  var format = ReportFormat.text

  @Flag(help: ArgumentHelp("The former name of --format json.", visibility: .hidden))
  var json = false

  @Flag(help: "Work offline: download nothing.")
  var offline = false

  @OptionGroup var overwriting: OverwriteFlag

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func validate() throws {
    guard (1...100_000).contains(images) else { throw ValidationError("--images must be from 1 to 100000") }
    guard (1...100_000).contains(testImages) else {
      throw ValidationError("--test-images must be from 1 to 100000")
    }
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
  }

  func run() throws {
    let messages = saying.messages
    let path = try ModelLocator(offline: offline, messages: messages).path(of: model)
    let source = try modelOptions.model(path)
    let target = output ?? Self.target(for: model)
    try overwriting.check(target)
    let found = try images(for: source)
    for note in found.notes { messages.note(FilePath(note).printable) }
    var quantization = PostTrainingQuantization()
    (quantization.images, quantization.testImages, quantization.threads) = (images, testImages, threads)
    quantization.method = RangeMethod(rawValue: method.rawValue)
    let result = try quantization.run(source, on: found, seed: seed) { messages.progress($0) }
    for file in result.skipped { messages.error("\(FilePath(file.path).printable): \(file.message)") }
    for trial in result.trials where result.trials.count > 1 {
      messages.progress("ranges by \(trial.method.rawValue): \(Figures.rounded(trial.signalToNoise, 1)) dB")
    }
    if !result.quantization.isHeldOut {
      messages.warning(
        "there are no other images: what it costs was measured on those of the ranges, and is flattering")
    }
    let use = TrainingUse(of: result.tested.map(\.path), in: source, threads: threads)
    if let warning = use?.warning(choice: "choose its settings") { messages.warning(warning) }
    if !found.isLabeled, found.images.contains(where: { !$0.classes.isEmpty }) {
      messages.warning("some folders are not named like a class of the model: top-1 was not measured")
    }
    try result.model.write(to: target)
    let report = QuantizationReport(result.quantization, of: result.model)
    let members: JSON = [
      "schema": JSON.schema, "model": .string(model), "data": .string(data), "output": .string(target),
      "quantization": report.json,
      "skipped": JSON.list(result.skipped),
    ]
    try Output().writeLine(
      json || format == .json ? members.indented : "\(FilePath(target).printable)\n\(report.text)")
    if !result.skipped.isEmpty { throw ExitStatus.incomplete.exitCode }
  }

  /// The images of DATA, with their annotations where the model finds objects.
  private func images(for model: Model) throws -> QuantizationImages {
    guard (try? DetectorNetwork(model)) != nil, AnnotationSet.isFound(at: data) else {
      return try QuantizationImages(data, labels: model.labels, seed: seed)
    }
    return try QuantizationImages(AnnotationSet(data, threads: threads), seed: seed)
  }

  /// `models/dogs.onnx` becomes `dogs-int8.onnx` in the current folder.
  static func target(for model: String) -> String {
    let name = model.split(separator: "/").last.map(String.init) ?? "model"
    let stem = name.hasSuffix(".onnx") ? String(name.dropLast(5)) : name
    return "\(stem)-int8.onnx"
  }
}
