import VisionTasks
import VisionTraining
import VisionInference
import VisionCompute
import VisionNet
import VisionSystem

/// Trains a new last layer on a pretrained network, as a run with a folder.
struct TransferRun {
  let job: TrainJob
  let messages: Messages

  private var settings: ResolvedSettings { job.settings }

  func run() throws {
    let (folder, run) = try job.begin(messages, naming: settings[.isDryRun])
    let (given, small) = SmallImages.settings(job.given, on: folder.training)
    if let small, job.resumed == nil {
      messages.note(
        "the images are small (\(small.side) pixels): all of the network is trained, at \(small.input) pixels "
          + "(--fine-tune none trains a new last layer alone, in less time)")
    }
    var adapted = try TrainJob(given, data: job.data, resumed: job.resumed)
    adapted.format = job.format
    try TransferRun(job: adapted, messages: messages).run(folder, run)
  }

  private func run(_ folder: ImageFolder, _ run: RunFolder) throws {
    let resolved = try resolved(folder)
    if settings[.isDryRun] {
      run.sayDry(messages)
      try Output().write(TransferPlanText(data: folder, settings: resolved).text)
      return
    }
    Interrupt.watch()
    let backbone = try pretrained(for: folder.training)
    if settings[.decoding] == nil, job.resumed == nil {
      DecodingHint(images: folder.training, preprocessing: backbone.preprocessing).say(messages)
    }
    if job.resumed == nil { try run.make() }
    try run.write(resolved.yaml, to: RunFolder.configurationName)
    let meter = try TrainingMeter(
      messages, events: Output(path: run.file("events.jsonl")),
      heldBack: folder.validation.isEmpty ? folder.training.count : folder.validation.count)
    let result = try train(backbone, on: folder, in: run, meter)
    try result.model.write(to: run.model)
    let report = TrainingReport(result: result, seconds: meter.seconds)
    try run.write(Self.table(result.selection), to: "metrics.csv")
    try run.write(result.reportContent, resolved, seconds: report.seconds)
    meter.add(["event": "finished", "seconds": .number(Figures.rounded(meter.seconds, 3))])
    try run.finish(report.json, report.text(model: run.model), job.format)
    if !result.skipped.isEmpty { throw ExitStatus.incomplete.exitCode }
  }

  /// Trains, and tells how it goes.
  private func train(_ backbone: Backbone, on folder: ImageFolder, in run: RunFolder, _ meter: TrainingMeter)
    throws -> TransferLearning.Result
  {
    meter.add([
      "event": "start", "training": .integer(folder.training.count),
      "validation": .integer(folder.validation.count), "test": .integer(folder.test.count),
    ])
    let learning = try makeLearning(backbone, run)
    // Events are reported one at a time.
    nonisolated(unsafe) let epochs = EpochMeter(messages, validationImages: folder.validation.count)
    do {
      return try learning.train(
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
  }

  private func makeLearning(_ backbone: Backbone, _ run: RunFolder) throws -> TransferLearning {
    let cache = settings[.usesCache] ? UserFolders.cache().map { "\($0)/features" } : nil
    if cache == nil, settings[.usesCache] {
      messages.warning("there is no home folder: the features are not kept for the next run")
    }
    var learning = TransferLearning(
      backbone, threads: settings[.threads], cacheFolder: cache, isStrict: settings[.isStrict])
    learning.isStrictDecoding = settings[.isStrictDecoding]
    learning.keepsImageHashes = settings[.keepsImageHashes]
    learning.fineTuning = job.given
    if settings.recipe == .fineTune {
      learning.fineTuningFolder = try run.makeSubfolder("fine-tuning")
    }
    return learning
  }

  /// The pretrained network up to the value that describes an image, with the preprocessing that was given, or its own.
  private func pretrained(for images: [LabeledImage]) throws -> Backbone {
    let path = try ModelLocator(offline: settings[.isOffline], messages: messages).path(of: settings[.model])
    var model =
      try settings[.preprocessing].map { name in
        try Model(contentsOf: path, preprocessing: PreprocessingFile.read(name))
      } ?? Model(contentsOf: path)
    model.preprocessing = try model.preprocessing.map { try settings.applied(to: $0) }
    if model.provenance == nil { model.provenance = Self.provenance(path) }
    if let size = settings[.imageSize] {
      model = try model.resized(
        width: size.width, height: size.height, isWhole: SmallImages.areWhole(images, in: size))
    }
    return try backbone(of: model, path)
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
      let (backbone, notes) = try Backbone.found(in: model, embedding: settings[.embedding])
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

  /// Every setting as it is used, files by their whole paths.
  private func resolved(_ folder: ImageFolder) throws(TrainingError) -> ResolvedSettings {
    func whole(_ name: String) -> String { FilePath(name).kind == .file ? FilePath(name).absolute : name }
    var given = job.given
    given[.data] = FilePath(folder.root).absolute
    if settings[.model].contains("/") { given[.model] = whole(settings[.model]) }
    given[.preprocessing] = given[.preprocessing].map(whole)
    return try given.resolved(
      in: Situation(settings.recipe, samples: folder.training.count, heldBack: folder.fraction))
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
