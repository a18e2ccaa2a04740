import VisionImage
import VisionData
import VisionInference
import VisionGraph
import VisionModel
import VisionSystem

extension TransferLearning {
  /// The results of fine-tuning, and the fine-tuned model.
  struct FineTuningOutcome {
    let fineTuned: FineTuned
    let model: Model
    let calibration: Calibration
    let predictions: ClassifiedImages?
  }

  /// Fine-tunes the network `start`, whose last layer has been trained, and compares both networks on the
  /// validation images.
  ///
  /// - Parameter hashes: the hashes of the files of `data.images`.
  func tune(
    _ start: Model, _ data: ImageFolder, _ hashes: [ContentHash], _ given: GivenSettings,
    _ frozen: ClassificationMetrics?,
    _ isCancelled: @escaping @Sendable () -> Bool, _ report: @escaping @Sendable (Event) -> Void
  ) throws(TrainingError) -> FineTuningOutcome {
    let settings = try given.resolved(in: Situation(.fineTune, samples: data.training.count))
    let trainer = try FineTuner(model: start, data: data, settings: settings, folder: fineTuningFolder)
      .makeTrainer()
    if let fineTuningFolder {
      try goOn(trainer, in: fineTuningFolder, ImageLedger(data, hashes: hashes), data.root, report)
    }
    let trained = try trainer.runBlocking(
      epochs: settings[.epochs], isCancelled: isCancelled, report: { report(.fineTuning($0)) })
    guard trained.ending != .interrupted else {
      throw TrainingError(.interrupted, "interrupted after \(trained.steps) steps of fine-tuning")
    }
    let logits = try self.logits(start, trained.parameters).matrix(data.validation, isCancelled)
    let labels = data.validation.map(\.label)
    let calibration = Calibration(logits: logits, labels: labels)
    let predictions = classified(logits, data.validation, calibration)
    let tuned = predictions.map { metrics($0, data, calibration) }
    // Without validation images, the fine-tuned network is kept.
    var isKept = true
    if let tuned, let frozen { isKept = (tuned.top1, -tuned.loss) > (frozen.top1, -frozen.loss) }
    let model = try Self.model(start, trained.parameters, calibration)
    return FineTuningOutcome(
      fineTuned: FineTuned(
        training: trained, settings: settings, frozen: frozen, tuned: tuned, isKept: isKept),
      model: model, calibration: calibration, predictions: predictions)
  }

  /// Resumes from the checkpoint in `folder`, if there is one.
  ///
  /// - Throws: `TrainingError` when the images are not those of the checkpoint, or it does not fit.
  private func goOn(
    _ trainer: Trainer, in folder: String, _ ledger: ImageLedger, _ root: String,
    _ report: @Sendable (Event) -> Void
  ) throws(TrainingError) {
    let path = "\(folder)/\(ImageLedger.fileName)"
    if Checkpoint.exists(in: folder) {
      if FolderEntry.kind(of: path) == .file { try ImageLedger(contentsOf: path).check(ledger, root) }
      let checkpoint = try Checkpoint(contentsOf: folder)
      try trainer.resume(from: checkpoint)
      let position = checkpoint.position
      report(
        .note("going on after epoch \(position.epoch) of \(checkpoint.epochs), step \(position.step)"))
    }
    try ledger.write(to: path)
  }

  /// The result with the fine-tuned network.
  func result(
    of outcome: FineTuningOutcome, _ data: ImageFolder, _ selection: HeadTrainer.Selection,
    _ skipped: [SkippedFile], _ cached: Int, _ isCancelled: @escaping @Sendable () -> Bool
  ) throws(TrainingError) -> Result {
    let (model, calibration) = (outcome.model, outcome.calibration)
    let logits = try self.logits(model, model.parameters)
    let tested = classified(try logits.matrix(data.test, isCancelled), data.test, calibration)
    let training = classified(try logits.matrix(data.training, isCancelled), data.training, calibration)
    guard let training else { throw TrainingError(.noImages, "there are no images to train on") }
    return Result(
      model: model, backboneName: backbone.model.provenance?.name ?? "", data: data,
      validation: outcome.fineTuned.tuned, test: tested.map { metrics($0, data, calibration) },
      validationPredictions: outcome.predictions, heldBackPredictions: heldBack(data, selection),
      testPredictions: tested, validatedModel: model, training: metrics(training, data, calibration),
      selection: selection, calibration: calibration, fineTuned: outcome.fineTuned, isRefitted: false,
      skipped: skipped, cached: cached)
  }

  private func logits(_ model: Model, _ parameters: Parameters) throws(TrainingError) -> ImageLogits {
    try ImageLogits(model.graph, parameters, backbone.preprocessing, threads: threads)
  }

  private func classified(_ logits: Matrix, _ images: [LabeledImage], _ calibration: Calibration)
    -> ClassifiedImages?
  {
    guard !images.isEmpty else { return nil }
    return ClassifiedImages(
      images: images,
      probabilities: SoftmaxRows.probabilities(logits, temperature: calibration.temperature))
  }

  private func metrics(_ predictions: ClassifiedImages, _ data: ImageFolder, _ calibration: Calibration)
    -> ClassificationMetrics
  {
    ClassificationMetrics(
      probabilities: predictions.probabilities, labels: predictions.images.map(\.label), names: data.labels,
      threshold: calibration.threshold)
  }

  /// The model with other weights, and with their temperature and threshold.
  private static func model(_ start: Model, _ parameters: Parameters, _ calibration: Calibration)
    throws(TrainingError) -> Model
  {
    do throws(GraphError) {
      guard let logits = start.graph.output(of: .logits)?.value else {
        throw GraphError(.name, "the network has no output '\(OutputRole.logits.name)'")
      }
      let builder = GraphBuilder(extending: start.graph)
      try builder.output(OutputRole.logits.name, builder.value(logits))
      let graph = try DeadNodeRemoval().run(builder.graph).withProbabilities(
        temperature: Float(calibration.temperature))
      var kept = Parameters()
      for (_, name, _, _) in graph.parameters { kept[name] = parameters[name] }
      var model = Model(
        graph: graph, parameters: kept, labels: start.labels, preprocessing: start.preprocessing,
        embedding: start.embedding, head: start.head, threshold: calibration.threshold,
        provenance: start.provenance.map {
          Model.Provenance(name: $0.name, source: "fine-tuned; \($0.source)", license: $0.license)
        }, metadata: start.metadata)
      model.trainingImages = start.trainingImages
      return model
    } catch { throw TrainingError(error) }
  }
}
