import VisionImage
import VisionData
import VisionTasks
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
    let (folder, run) = try job.begin(messages, naming: false)
    Interrupt.watch()
    let survey = try survey(folder)
    if job.settings[.isDryRun] {
      try Output().write(ScratchPlanText(survey, settings(survey)).text)
      run.sayDry(messages)
      return
    }
    if job.settings[.findsRate] {
      let trainer = try TrainingRun(survey, settings(survey)).trainer()
      try RateSearch(trainer: trainer, messages: messages).run(in: run)
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

  /// Every setting as it is used.
  private func settings(_ survey: FolderSurvey, data: String? = nil) throws(TrainingError) -> ResolvedSettings
  {
    var given = job.given
    if let data { given[.data] = data }
    return try given.resolved(for: survey)
  }

  private func train(_ survey: FolderSurvey, _ run: RunFolder) throws {
    let began = POSIX.seconds
    let settings = try settings(survey, data: FilePath(survey.data.root).absolute)
    // Everything that does not fit is found out before the run's folder is made.
    if job.resumed == nil {
      _ = try TrainingRun(survey, settings).trainer()
      try run.make()
    }
    let training = try TrainingRun(survey, settings, folder: run.path)
    if job.given[.decoding] == nil, job.resumed == nil {
      DecodingHint(images: survey.data.training, preprocessing: training.task.input.preprocessing)
        .say(messages)
    }
    if job.resumed == nil {
      try run.write(settings.yaml, to: RunFolder.configurationName)
    } else if !run.has(Checkpoint.fileName) {
      messages.note("the run was ended before its first checkpoint: it begins again")
    }
    let meter = EpochMeter(messages, validationImages: survey.data.validation.count)
    let outcome: TrainingOutcome<Classification>
    do {
      outcome = try training.run(isCancelled: { Interrupt.isPressed }) { event in
        switch event {
        case .stage: break
        case .training(let event): meter.show(event)
        case .note(let text): meter.show(.note(text))
        }
      }
    } catch {
      meter.close()
      if error.blame == .interruption { ResumeText.say(run, messages) }
      throw error
    }
    try outcome.model.write(to: run.model)
    let report = try ScratchReport(
      survey: survey, settings: settings, outcome: outcome, seconds: POSIX.seconds - began)
    try run.write(
      outcome.reportContent(survey, report.architecture), settings, seconds: report.seconds)
    try run.finish(report.json, report.text(model: run.model), job.format)
  }
}
