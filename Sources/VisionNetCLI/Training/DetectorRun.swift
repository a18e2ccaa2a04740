import VisionCompute
import VisionData
import VisionGraph
import VisionImage
import VisionModel
import VisionNet
import VisionSystem
import VisionTasks
import VisionTraining

/// Trains a detector, as a run with a folder.
struct DetectorRun {
  let job: TrainJob
  let messages: Messages

  func run() throws {
    let data = try AnnotatedData(
      contentsOf: job.data, options: AnnotationOptions(annotations: job.settings[.annotations]),
      validation: job.given[.validation], seed: job.settings[.seed],
      threads: job.settings[.threads])
    try data.check()
    let run = try job.resumed ?? RunFolder(wanted: job.settings[.output], name: data.name, root: data.root)
    BoxDataText(data).say(messages, naming: false)
    if data.split == .given, let part = job.given[.validation], job.resumed == nil {
      messages.warning("the data has validation images of its own: --validation \(part) has no effect")
    }
    Interrupt.watch()
    let survey = try survey(data)
    let start = try pretrained()
    let settings = try settings(survey, start)
    if let start { try sayKnown(survey, start, settings) }
    sayDoubts(survey, settings)
    if settings[.isDryRun] {
      try Output().write(DetectorPlanText(survey, settings, start).text)
      run.sayDry(messages)
      return
    }
    if settings[.findsRate] {
      let trainer = try TrainingRun(survey, settings, from: start).trainer()
      try RateSearch(trainer: trainer, messages: messages).run(in: run)
    } else {
      try train(survey, start, settings, run)
    }
    if !survey.skipped.isEmpty { throw ExitStatus.incomplete.exitCode }
  }

  /// Decodes every image once and reports those that cannot be used.
  private func survey(_ data: AnnotatedData) throws(TrainingError) -> AnnotatedSurvey {
    let bar = ProgressBar(messages)
    defer { bar.close() }
    let total = data.images.count
    let levels: SampleLevels?
    do { levels = try job.settings.levels() } catch { throw TrainingError(error) }
    let survey = try AnnotatedSurvey(
      of: data, threads: job.settings[.threads], isStrict: job.settings[.isStrict],
      options: ImageOptions(isStrict: job.settings[.isStrictDecoding], levels: levels),
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

  /// The network that training begins with; nil for random weights.
  private func pretrained() throws -> Model? {
    let settings = job.settings
    if settings[.isFromScratch] {
      guard !settings.isGiven(.model) else {
        throw ConfigurationError(
          .conflict, "no effect on a network with random weights", place: "--model",
          remedy: "omit it or --from-scratch")
      }
      return nil
    }
    let path = try ModelLocator(offline: settings[.isOffline], messages: messages).path(of: settings[.model])
    return try Model(contentsOf: path)
  }

  /// Warns of what makes the result, or the figures on it, worth little.
  private func sayDoubts(_ survey: AnnotatedSurvey, _ settings: ResolvedSettings) {
    let data = survey.data
    if let size = settings[.imageSize] {
      let lost = data.shareBelow(AnnotatedData.lostSize, in: size)
      if lost >= 0.2 {
        messages.warning(
          "\(Int(saturating: (100 * lost).rounded())) % of the objects to learn from have less than "
            + "\(Int(saturating: AnnotatedData.lostSize)) × \(Int(saturating: AnnotatedData.lostSize)) pixels in an "
            + "input of \(size): they will hardly be found; use a larger --image-size, or cut the images into parts "
            + "(visionnet detect --tiles does that later)")
      }
    }
    if (1..<10).contains(data.validation.count) {
      messages.note(
        "\(data.validation.count == 1 ? "1 image validates" : "\(data.validation.count) images validate"): "
          + "the figures say little")
    }
  }

  /// Says which classes a detector knows already from which training begins.
  private func sayKnown(_ survey: AnnotatedSurvey, _ start: Model, _ settings: ResolvedSettings) throws {
    let known = try survey.classes(knownTo: start, settings)
    guard !known.isEmpty else { return }
    messages.note(
      "training starts from a detector that knows \(known.count) of the \(survey.data.classes.count) classes: "
        + known.prefix(8).map { FilePath($0).printable }.joined(separator: ", ")
        + (known.count > 8 ? ", …" : ""))
  }

  /// Every setting as it is used, files by their whole paths; a time has become a number of epochs.
  private func settings(_ survey: AnnotatedSurvey, _ start: Model?) throws -> ResolvedSettings {
    var given = job.given
    given[.data] = FilePath(job.data).absolute
    given[.annotations] = given[.annotations].map { FilePath($0).absolute }
    if start != nil {
      let name = job.settings[.model]
      given[.model] = FilePath(name).kind == .file ? FilePath(name).absolute : name
    }
    guard let minutes = given[.minutes] else { return try given.resolved(for: survey) }
    let timed = try given.resolved(for: survey)
    messages.progress("timing some steps")
    let pace = try TrainingRun(survey, timed, from: start).pace(isCancelled: { Interrupt.isPressed })
    given[.epochs] = pace.epochs(in: 60 * minutes)
    given[.minutes] = nil
    let settings = try given.resolved(for: survey)
    messages.progress(
      "an epoch takes about \(Figures.duration(pace.secondsOfEpoch)): \(settings[.epochs]) of them in "
        + "\(Figures.duration(60 * minutes))")
    return settings
  }

  private func train(
    _ survey: AnnotatedSurvey, _ start: Model?, _ settings: ResolvedSettings, _ run: RunFolder
  ) throws {
    let began = POSIX.seconds
    // Everything that does not fit is found out before the run's folder is made.
    if job.resumed == nil {
      _ = try TrainingRun(survey, settings, from: start).trainer()
      try run.make()
    }
    let training = try TrainingRun(survey, settings, from: start, folder: run.path)
    if job.resumed == nil {
      try run.write(settings.yaml, to: RunFolder.configurationName)
      let files = survey.data.training.map {
        LabeledImage(path: $0.path ?? $0.name, relativePath: $0.name, label: 0)
      }
      DecodingHint(images: files, preprocessing: training.task.input.preprocessing).say(messages)
    }
    let meter = EpochMeter(messages, validationImages: survey.data.validation.count)
    let outcome: TrainingOutcome<ObjectDetection>
    do {
      outcome = try training.run(isCancelled: { Interrupt.isPressed }) { event in
        switch event {
        case .stage(let stage):
          if training.recipe.stages.count > 1 { messages.progress("stage: \(stage.name)") }
        case .training(let event): meter.show(event)
        case .note(let text): meter.show(.note(text))
        }
      }
    } catch {
      meter.close()
      if error.blame == .interruption { ResumeText.say(run, messages) }
      throw error
    }
    let model = settings[.keepsImageHashes] ? outcome.model(trainedOn: survey) : outcome.model
    if settings[.selectsInFile] {
      try model.write(to: run.model, with: outcome.task.selection)
    } else {
      try model.write(to: run.model)
    }
    let report = try DetectorReport(
      survey: survey, settings: settings, outcome: outcome, seconds: POSIX.seconds - began)
    if let page = report.page(model: run.model) {
      try run.write(page.html(threads: settings[.threads]), to: "report.html")
    }
    try run.finish(report.json, report.text(model: run.model), job.format)
  }
}
