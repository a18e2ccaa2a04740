import ArgumentParser
import VisionNet

/// `visionnet train`: trains a model on a folder of images.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a classifier on your own images.",
    discussion: """
      DATA is a folder with a folder of PNG and JPEG images for each class, or one with train/ and val/ (and test/) \
      of such folders, or a table of paths and labels, with commas, semicolons or tabs. The images are only read. \
      Without val/, a fifth of them is held back for validation, equal files on one side. Images in val/ and test/ \
      are never trained on.

      A published network describes each image by numbers, which are kept in the cache for the next time; on these \
      a new last layer is trained. Where images were held back for settings and figures, the layer in the model then \
      learns from all of them.

      --model FILE.onnx takes any classifier: what enters its last layer describes an image, or else the value that \
      --embedding names. A file that does not say how images become its input needs --preprocessing.

      --from-scratch trains a whole network from random weights. Unset options follow from the data: the network and the \
      size of its input the images, gray or colored, the epochs and the batch their number; networks with \
      BatchNorm learn by SGD in one cycle, others by AdamW along a cosine. BatchNorm learns its statistics while \
      training and uses those it has while judging. The model gets the weights of the epoch with the best top-1 on the \
      validation images (of the averaged weights with --ema), or those of the last epoch where there are none.

      The run's folder gets model.onnx, report.html, config.yaml, metrics.json, metrics.csv and events.jsonl, and \
      checkpoint.safetensors of a training from scratch. The interrupt key ends it after a checkpoint; --resume RUN \
      goes on, with the same result as if nothing had happened.

      Every flag is a setting of the same name in a file for --config, such as: epochs: 20. Flags override the file.
      """)

  @Argument(help: "A folder of class folders, or a table of paths and labels.", completion: .directory)
  var data: String?

  @OptionGroup var flags: TrainFlags

  @Option(help: "Read settings from this file; a run's config.yaml gives the same run.", completion: .file())
  var config: String?

  @Option(help: "Go on with the run in this folder.", completion: .directory)
  var resume: String?

  @Flag(name: .shortAndLong, help: "Print nothing but errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say more: every setting that is tried.")
  var verbose = false

  func validate() throws {
    guard !(quiet && verbose) else { throw ValidationError("--quiet and --verbose contradict each other") }
    guard resume == nil || config == nil else {
      throw ValidationError("--config and --resume contradict each other: a run has its own configuration")
    }
  }

  func run() throws {
    let messages = Messages(quiet: quiet, verbose: verbose)
    if let resume {
      try Self.train(resumed(resume), messages)
    } else {
      let given = try configuration()
      guard let data = given.data else {
        throw CommandError(
          .usage, "there is no DATA to train on",
          remedy: "visionnet train FOLDER, or data: in the file of --config")
      }
      try Self.train(TrainJob(configuration: given, data: data, resumed: nil), messages)
    }
  }

  private static func train(_ job: TrainJob, _ messages: Messages) throws {
    let job = try job.checked()
    if job.configuration.isFromScratch == true {
      try ScratchRun(job: job, messages: messages).run()
    } else {
      try TransferRun(job: job, messages: messages).run()
    }
  }

  /// The settings of the file, overridden by those of the flags.
  private func configuration() throws -> TrainConfiguration {
    var given = try flags.configuration()
    if let data { given.data = try Self.text(data, "DATA") }
    if let output = given.output { given.output = try Self.text(output, "--output") }
    guard let config else { return given }
    return try TrainConfiguration(contentsOf: config).overridden(by: given)
  }

  /// The run's own settings. Only the threads and `--offline` may differ, because no result depends on them.
  private func resumed(_ path: String) throws -> TrainJob {
    let run = try RunFolder(existing: Self.text(path, "--resume"))
    let given = try flags.configuration()
    let others = flags.given.map(\.name).filter { $0 != "threads" && $0 != "offline" }
    guard others.isEmpty, data == nil else {
      let name = data == nil ? "--\(others.joined(separator: ", --"))" : "DATA"
      throw CommandError(
        .usage, "a resumed run has its own data and settings: leave \(name) away", place: path)
    }
    let configuration = try TrainConfiguration(contentsOf: run.file(RunFolder.configurationName))
    guard let data = configuration.data else {
      throw CommandError(
        .data, "the run's configuration names no data", place: run.file(RunFolder.configurationName))
    }
    return TrainJob(configuration: configuration.overridden(by: given), data: data, resumed: run)
  }

  /// An argument that is written into files and therefore must be UTF-8 text.
  private static func text(_ argument: String, _ what: String) throws(CommandError) -> String {
    let path = RawArguments.path(argument)
    guard String(validating: path.bytes, as: UTF8.self) != nil else {
      throw CommandError(
        .usage, "\(what) is not UTF-8 text, and could not be written into the run's files",
        place: path.printable,
        remedy: "rename it, or make a link to it with a name that is")
    }
    return argument
  }
}
