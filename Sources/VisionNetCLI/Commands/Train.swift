import VisionData
import VisionTraining
import ArgumentParser
import VisionNet

/// `visionnet train`: trains a model on a folder of images.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a classifier or a detector on your own images.",
    discussion: """
      DATA is a folder with one folder of images per class, a folder with train/ and val/ (and optionally \
      test/) of such folders, or a table of paths and labels, separated by commas, semicolons or tabs. The \
      images are only read. Without val/, a fifth of the images, of more than 2,000 a tenth, is held back \
      for validation; equal files stay together. Images in val/ and test/ are never trained on.

      Where DATA has annotated boxes (YOLO, COCO, Pascal VOC, CVAT, LabelMe, Create ML or CSV; a folder or \
      the file; --annotations names them where they lie elsewhere), a detector is trained instead, from a pretrained network or --from-scratch. Images are put \
      together, resized, mirrored and recolored with their boxes; visionnet preview shows it. --minutes N \
      trains for about that long.

      By default, a pretrained network computes features of each image, which are kept in the cache for \
      later runs, and a new last layer is trained on them. If images were held back, that layer is then \
      trained once more on these too. Of small images (no side above 64 pixels, at least 1,000 of them), the \
      whole network is trained instead, at twice their size.

      --model FILE.onnx accepts any classifier. The input of its last layer serves as the features of an \
      image, or the value named by --embedding. A file that does not specify how images become its input \
      needs --preprocessing.

      --from-scratch trains a whole network from random weights. Unset options follow from the data: the \
      images determine the network and its input size, gray or color; their number determines the epochs and \
      the batch size. Networks with BatchNorm are trained by SGD with a one-cycle schedule, others by AdamW \
      with a cosine schedule. BatchNorm uses its running statistics at inference. The model gets the weights \
      of the epoch with the best top-1 on the validation images (the averaged weights with --ema), or of the \
      last epoch if there are no validation images.

      The run's folder contains model.onnx, report.html, config.yaml, metrics.json, metrics.csv and \
      events.jsonl, and checkpoint.safetensors if trained from scratch. The interrupt key ends the run after \
      a checkpoint; --resume RUN continues it, and the result is the same as without the interruption.

      Every flag is also a setting of the same name in the file for --config, for example: epochs: 20. Flags \
      override the file.
      """)

  @Argument(help: ArgumentHelp(.data), completion: .directory)
  var data: String?

  @OptionGroup var flags: TrainFlags

  @Option(help: "Read settings from this file; a run's config.yaml repeats that run.", completion: .file())
  var config: String?

  @Option(help: "Continue the run in this folder.", completion: .directory)
  var resume: String?

  @Option(help: "Output format of the results; json is as in metrics.json.")
  var format = ReportFormat.text

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func validate() throws {
    guard resume == nil || config == nil else {
      throw ValidationError("--config and --resume contradict each other: a run has its own configuration")
    }
  }

  func run() throws {
    let messages = saying.messages
    if let resume {
      try train(resumed(resume), messages)
    } else {
      let given = try settings()
      guard let data = given[.data] else {
        throw CommandError(
          .usage, "there is no DATA to train on",
          remedy: "visionnet train FOLDER, or data: in the file of --config")
      }
      try train(TrainJob(Self.seen(given, data, messages), data: data), messages)
    }
  }

  private func train(_ job: TrainJob, _ messages: Messages) throws {
    var job = job
    job.format = format
    switch job.settings.recipe {
    case .scratch: try ScratchRun(job: job, messages: messages).run()
    case .detector: try DetectorRun(job: job, messages: messages).run()
    case .head, .fineTune: try TransferRun(job: job, messages: messages).run()
    }
  }

  /// The settings with the task that the data are for, unless it is given.
  private static func seen(_ given: GivenSettings, _ data: String, _ messages: Messages) -> GivenSettings {
    guard given[.task] == nil else { return given }
    guard given[.annotations] == nil else {
      var given = given
      given[.task] = .detection
      return given
    }
    guard AnnotationSet.isFound(at: data) else { return given }
    messages.note(
      "the data has boxes: a detector is trained (--task classification takes folders as classes)")
    var given = given
    given[.task] = .detection
    return given
  }

  /// The file's settings, and over them those of the flags.
  private func settings() throws -> GivenSettings {
    var given = try flags.given()
    if let data { given[.data] = try Self.text(data, "DATA") }
    if let annotations = given[.annotations] {
      given[.annotations] = try Self.text(annotations, "--annotations")
    }
    if let output = given[.output] { given[.output] = try Self.text(output, "--output") }
    guard let config else { return given }
    return try GivenSettings(contentsOf: config).overridden(by: given)
  }

  /// The run's own settings. Only the threads and `--offline` may differ, because no result depends on them.
  private func resumed(_ path: String) throws -> TrainJob {
    let run = try RunFolder(existing: Self.text(path, "--resume"))
    let given = try flags.given()
    let others = given.names.filter { $0 != "threads" && $0 != "offline" }
    guard others.isEmpty, data == nil else {
      let name = data == nil ? "--\(others.joined(separator: ", --"))" : "DATA"
      throw CommandError(
        .usage, "a resumed run has its own data and settings", place: path, remedy: "omit \(name)")
    }
    let kept = try GivenSettings(contentsOf: run.file(RunFolder.configurationName))
    guard let data = kept[.data] else {
      throw CommandError(
        .data, "the run's configuration names no data", place: run.file(RunFolder.configurationName))
    }
    return try TrainJob(kept.overridden(by: given), data: data, resumed: run)
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
