import VisionCompute
import VisionNet

/// A new last layer on a pretrained network, as a run with a folder.
struct TransferRun {
  let job: TrainJob
  let messages: Messages

  private var settings: TrainConfiguration { job.configuration }

  func run() throws {
    let folder = try job.folder()
    let run = try job.run(folder)
    DatasetText(folder).say(messages, naming: job.isDryRun)
    let model = settings.model ?? ModelLocator.standardModel
    if job.isDryRun {
      messages.note("a dry run: the model would be in \(FilePath(run.file(RunFolder.modelName)).printable)")
      try Output().write(dryRun(model, folder))
      return
    }
    Interrupt.watch()
    let path = try ModelLocator(offline: settings.isOffline == true, messages: messages).path(of: model)
    var pretrained = try Model(contentsOf: path)
    if let decoding = settings.decoding {
      pretrained.preprocessing = pretrained.preprocessing?.decoding(decoding)
    }
    if settings.black != nil || settings.white != nil {
      let levels = try settings.levels(over: pretrained.preprocessing?.levels)
      pretrained.preprocessing = pretrained.preprocessing?.levels(levels)
    }
    let backbone = try Backbone(pretrained)
    if settings.decoding == nil, job.resumed == nil {
      DecodingHint(pictures: folder.training, preprocessing: backbone.preprocessing).say(messages)
    }
    if job.resumed == nil { try run.make() }
    let configuration = resolved(model, folder).yaml
    try run.write(configuration, to: RunFolder.configurationName)

    let meter = try TrainingMeter(messages, events: Output(path: run.file("events.jsonl")))
    meter.add([
      "event": "start", "training": .integer(folder.training.count),
      "validation": .integer(folder.validation.count), "test": .integer(folder.test.count),
    ])
    let cache = settings.usesCache == false ? nil : UserFolders.cache().map { "\($0)/features" }
    var learning = TransferLearning(
      backbone, threads: settings.threads, cacheFolder: cache, isStrict: settings.isStrict == true)
    learning.isStrictDecoding = settings.isStrictDecoding == true
    learning.fineTuning = settings
    if (settings.fineTuning ?? FineTuning.none) != FineTuning.none {
      learning.fineTuningFolder = try run.makeSubfolder("fine-tuning")
    }
    // Told of one event at a time.
    nonisolated(unsafe) let epochs = EpochMeter(messages)
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
      if error.code == "interrupted" { ResumeText.say(run, messages) }
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
    // The last file: a run that has it is finished.
    try run.write(report.json.indented + "\n", to: RunFolder.metricsName)
    try Output().writeLine(report.text(model: run.file(RunFolder.modelName)))
    if !result.skipped.isEmpty { throw ExitStatus.incomplete.exitCode }
  }

  /// Every setting as it is used.
  private func resolved(_ model: String, _ folder: ImageFolder) -> TrainConfiguration {
    var result = settings
    result.data = FilePath(folder.root).absolute
    result.model = FilePath(model).kind == .file && model.contains("/") ? FilePath(model).absolute : model
    result.fineTuning = settings.fineTuning ?? FineTuning.none
    result.validation = settings.validation ?? 0.2
    result.seed = job.seed
    result.isStrict = settings.isStrict ?? false
    result.isOffline = settings.isOffline ?? false
    result.usesCache = settings.usesCache ?? true
    return result
  }

  private func dryRun(_ model: String, _ folder: ImageFolder) -> String {
    "# a new last layer for \(folder.labels.count) classes; the network itself stays as it is\n"
      + resolved(model, folder).yaml
  }

  /// A line for each setting of the last layer that was tried.
  private static func table(_ selection: HeadTrainer.Selection) -> String {
    selection.candidates.reduce("scaling,penalty,validation_loss,validation_top1\n") { text, candidate in
      let loss = candidate.loss.map { "\($0)" } ?? ""
      return text
        + "\(candidate.scaling.rawValue),\(candidate.penalty),\(loss),\(candidate.top1.map { "\($0)" } ?? "")\n"
    }
  }
}
