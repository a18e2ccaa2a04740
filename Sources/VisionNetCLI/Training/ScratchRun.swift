import VisionImage
import VisionData
import VisionTraining
import VisionCompute
import VisionNet
import VisionSystem

/// Trains a whole network from random weights, as a run with a folder.
struct ScratchRun {
  let job: TrainJob
  let messages: Messages

  func run() throws {
    if let name = job.given[.architecture] { _ = try ScratchNetwork.architecture(name) }
    let folder = try job.folder()
    let run = try job.run(folder)
    DatasetText(folder).say(messages, naming: false)
    job.warn(of: folder, messages)
    Interrupt.watch()
    let survey = try survey(folder)
    if job.settings[.isDryRun] {
      let training = try ScratchTraining(survey, job.given)
      try Output().write(ScratchPlanText(training: training).text)
      messages.note("a dry run: the model would be in \(FilePath(run.file(RunFolder.modelName)).printable)")
      return
    }
    if job.settings[.findsRate] {
      try RateSearch(training: ScratchTraining(survey, job.given), messages: messages).run(in: run)
    } else {
      try train(survey, run)
    }
    if !survey.skipped.isEmpty { throw ExitStatus.incomplete.exitCode }
  }

  /// Decodes every image once and reports those that cannot be used.
  private func survey(_ folder: ImageFolder) throws(TrainingError) -> FolderSurvey {
    let bar = ProgressBar(messages)
    defer { bar.close() }
    let total = folder.images.count
    let survey = try FolderSurvey(
      of: folder, threads: job.settings[.threads], isStrict: job.settings[.isStrict],
      options: ImageOptions(
        isStrict: job.settings[.isStrictDecoding], levels: try levels()),
      isCancelled: { Interrupt.isPressed }
    ) { done in
      bar.show("images \(done)/\(total)", isLast: done == total)
    }
    bar.close()
    for file in survey.skipped {
      messages.error("\(FilePath(file.path).printable): skipped, \(file.message)")
    }
    if let odd = OddImage.summary(survey.odd) { messages.warning(odd) }
    return survey
  }

  private func levels() throws(TrainingError) -> SampleLevels? {
    do { return try job.settings.levels() } catch { throw TrainingError(error) }
  }

  private func train(_ survey: FolderSurvey, _ run: RunFolder) throws {
    let began = POSIX.seconds
    var checkpoint: Checkpoint?
    if job.resumed != nil {
      if run.has(ImageLedger.fileName) {
        try ImageLedger(contentsOf: run.file(ImageLedger.fileName)).check(survey)
      }
      if run.has(Checkpoint.fileName) { checkpoint = try Checkpoint(contentsOf: run.path) }
    }
    var given = job.given
    given[.data] = FilePath(survey.data.root).absolute
    // Everything that does not fit is found out before the run's folder is made.
    if job.resumed == nil {
      _ = try ScratchTraining(survey, given)
      try run.make()
    }
    let training = try ScratchTraining(survey, given, folder: run.path)
    if job.given[.decoding] == nil, job.resumed == nil {
      DecodingHint(images: survey.data.training, preprocessing: training.preprocessing).say(messages)
    }
    let configuration = training.settings.yaml
    if job.resumed == nil { try run.write(configuration, to: RunFolder.configurationName) }
    try ImageLedger(survey).write(to: run.file(ImageLedger.fileName))
    if let checkpoint {
      try training.trainer.resume(from: checkpoint)
      messages.note(
        "going on after epoch \(checkpoint.position.epoch) of \(checkpoint.epochs), step \(checkpoint.position.step)"
      )
    } else if job.resumed != nil {
      messages.note("the run was ended before its first checkpoint: it begins again")
    }
    let meter = EpochMeter(messages, validationImages: survey.data.validation.count)
    let result: ScratchTraining.Result
    do {
      result = try training.run(isCancelled: { Interrupt.isPressed }) { meter.show($0) }
    } catch {
      meter.close()
      if error.blame == .interruption { ResumeText.say(run, messages) }
      throw error
    }
    try result.model.write(to: run.file(RunFolder.modelName))
    let report = ScratchReport(training: training, result: result, seconds: POSIX.seconds - began)
    let page = ScratchReportPage(
      report: report, configuration: configuration, model: run.file(RunFolder.modelName))
    try run.write(page.html, to: "report.html")
    // The last file: its presence marks the run as finished.
    try run.write(report.json.indented + "\n", to: RunFolder.metricsName)
    try Output().writeLine(report.text(model: run.file(RunFolder.modelName)))
  }
}
