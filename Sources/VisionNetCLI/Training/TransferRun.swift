import VisionCompute
import VisionNet
import VisionSystem

/// Trains a new last layer on a pretrained network, as a run with a folder.
struct TransferRun {
  let job: TrainJob
  let messages: Messages

  private var settings: TrainConfiguration { job.configuration }

  func run() throws {
    let folder = try job.folder()
    let run = try job.run(folder)
    DatasetText(folder).say(messages, naming: job.isDryRun)
    job.warn(of: folder, messages)
    let model = settings.model ?? ModelLocator.standardModel
    if job.isDryRun {
      messages.note("a dry run: the model would be in \(FilePath(run.file(RunFolder.modelName)).printable)")
      try Output().write(dryRun(model, folder))
      return
    }
    Interrupt.watch()
    let path = try ModelLocator(offline: settings.isOffline == true, messages: messages).path(of: model)
    var pretrained = try pretrained(path)
    if let decoding = settings.decoding {
      pretrained.preprocessing = pretrained.preprocessing?.decoding(decoding)
    }
    if settings.black != nil || settings.white != nil {
      let levels = try settings.levels(over: pretrained.preprocessing?.levels)
      pretrained.preprocessing = pretrained.preprocessing?.levels(levels)
    }
    if pretrained.provenance == nil { pretrained.provenance = Self.provenance(path) }
    let backbone = try backbone(of: pretrained, path)
    if settings.decoding == nil, job.resumed == nil {
      DecodingHint(images: folder.training, preprocessing: backbone.preprocessing).say(messages)
    }
    if job.resumed == nil { try run.make() }
    let configuration = resolved(model, folder).yaml
    try run.write(configuration, to: RunFolder.configurationName)

    let meter = try TrainingMeter(
      messages, events: Output(path: run.file("events.jsonl")),
      heldBack: folder.validation.isEmpty ? folder.training.count : folder.validation.count)
    meter.add([
      "event": "start", "training": .integer(folder.training.count),
      "validation": .integer(folder.validation.count), "test": .integer(folder.test.count),
    ])
    let learning = try makeLearning(backbone, run)
    // Events are reported one at a time.
    nonisolated(unsafe) let epochs = EpochMeter(messages, validationImages: folder.validation.count)
    let result: TransferLearning.Result
    do {
      result = try learning.train(
        on: folder, isCancelled: { Interrupt.isPressed },
        report: { event in
          if case .fineTuning(let event) = event { epochs.show(event) } else { meter.show(event) }
        })
    } catch {
      meter.close()
      epochs.close()
      meter.add(["event": "failed", "code": .string(error.code), "message": .string(error.description)])
      if error.blame == .interruption { ResumeText.say(run, messages) }
      throw error
    }
    try result.model.write(to: run.file(RunFolder.modelName))
    let report = TrainingReport(result: result, seconds: meter.seconds)
    try run.write(Self.table(result.selection), to: "metrics.csv")
    let page = TransferReportPage(
      result: result, configuration: configuration, seconds: report.seconds, threads: settings.threads,
      model: run.file(RunFolder.modelName))
    try run.write(page.html, to: "report.html")
    meter.add(["event": "finished", "seconds": .number(Figures.rounded(meter.seconds, 3))])
    // The last file: its presence marks the run as finished.
    try run.write(report.json.indented + "\n", to: RunFolder.metricsName)
    try Output().writeLine(report.text(model: run.file(RunFolder.modelName)))
    if !result.skipped.isEmpty { throw ExitStatus.incomplete.exitCode }
  }

  private func makeLearning(_ backbone: Backbone, _ run: RunFolder) throws -> TransferLearning {
    let cache = settings.usesCache == false ? nil : UserFolders.cache().map { "\($0)/features" }
    if cache == nil, settings.usesCache != false {
      messages.warning("there is no home folder: the features are not kept for the next run")
    }
    var learning = TransferLearning(
      backbone, threads: settings.threads, cacheFolder: cache, isStrict: settings.isStrict == true)
    learning.isStrictDecoding = settings.isStrictDecoding == true
    learning.keepsImageHashes = settings.keepsImageHashes ?? true
    learning.fineTuning = settings
    if (settings.fineTuning ?? FineTuning.none) != FineTuning.none {
      learning.fineTuningFolder = try run.makeSubfolder("fine-tuning")
    }
    return learning
  }

  /// The pretrained network with the given preprocessing, or its own.
  private func pretrained(_ path: String) throws -> Model {
    guard let preprocessing = settings.preprocessing else { return try Model(contentsOf: path) }
    return try Model(contentsOf: path, preprocessing: try PreprocessingFile.read(preprocessing))
  }

  /// The provenance of a file that does not record one.
  private static func provenance(_ path: String) -> Model.Provenance {
    var name = FilePath(path).printable.split(separator: "/").last.map(String.init) ?? "model"
    if name.hasSuffix(".onnx"), name.count > 5 { name.removeLast(5) }
    return Model.Provenance(name: name, source: "a file that does not say")
  }

  /// The network up to the value that describes an image; assumptions made to find it are printed as notes.
  private func backbone(of model: Model, _ path: String) throws -> Backbone {
    do {
      let (backbone, notes) = try Backbone.found(in: model, embedding: settings.embedding)
      for note in notes { messages.note("\(FilePath(path).printable): \(note)") }
      return backbone
    } catch {
      let remedies: [TrainingError.Kind: String] = [
        .embedding: "name the value that describes an image by --embedding NAME",
        .preprocessing: "say how images become its input by --preprocessing NAME or FILE",
      ]
      var told = error
      told.place = error.place ?? path
      told.remedy = remedies[error.kind] ?? error.remedy
      throw told
    }
  }

  /// All settings with the values used.
  private func resolved(_ model: String, _ folder: ImageFolder) -> TrainConfiguration {
    var result = settings
    result.data = FilePath(folder.root).absolute
    result.model = FilePath(model).kind == .file && model.contains("/") ? FilePath(model).absolute : model
    result.preprocessing = settings.preprocessing.map {
      FilePath($0).kind == .file ? FilePath($0).absolute : $0
    }
    result.fineTuning = settings.fineTuning ?? FineTuning.none
    result.validation = settings.validation ?? 0.2
    result.seed = job.seed
    result.isStrict = settings.isStrict ?? false
    result.keepsImageHashes = settings.keepsImageHashes ?? true
    result.isOffline = settings.isOffline ?? false
    result.usesCache = settings.usesCache ?? true
    return result
  }

  private func dryRun(_ model: String, _ folder: ImageFolder) -> String {
    TransferPlanText(data: folder, settings: resolved(model, folder)).text
  }

  /// A CSV table of the settings tried for the last layer.
  private static func table(_ selection: HeadTrainer.Selection) -> String {
    selection.candidates.reduce("scaling,penalty,validation_loss,validation_top1\n") { text, candidate in
      let loss = candidate.loss.map { "\($0)" } ?? ""
      return text
        + "\(candidate.scaling.rawValue),\(candidate.penalty),\(loss),\(candidate.top1.map { "\($0)" } ?? "")\n"
    }
  }
}
