import VisionData
import VisionInference
import VisionModel
import VisionSystem
import VisionTraining

extension TransferLearning {
  /// The results of fine-tuning, with what it takes to evaluate the network on further images.
  struct FineTuningOutcome {
    let fineTuned: FineTuned
    fileprivate let run: TrainingRun<Classification>
    fileprivate let outcome: TrainingOutcome<Classification>
  }

  /// Fine-tunes the network `start`, whose last layer has been trained, and compares both networks on the
  /// validation images.
  func tune(
    _ start: Model, _ material: Material, _ given: GivenSettings,
    _ frozen: ClassificationMetrics?, _ isCancelled: () -> Bool, _ report: (Event) -> Void
  ) throws(TrainingError) -> FineTuningOutcome {
    let settings = try given.resolved(
      in: Situation(.fineTune, samples: material.data.training.count, heldBack: material.data.fraction))
    var start = start
    start.provenance = start.provenance.map {
      Model.Provenance(name: $0.name, source: "fine-tuned; \($0.source)", license: $0.license)
    }
    let run = try TrainingRun(
      tuning: start, on: material.data, hashes: material.hashes, settings, folder: fineTuningFolder)
    let outcome = try run.run(
      isCancelled: isCancelled,
      report: { event in
        switch event {
        case .stage: break
        case .training(let event): report(.fineTuning(event))
        case .note(let text): report(.note(text))
        }
      })
    guard let training = outcome.stages[0].training else {
      throw TrainingError(.settings, "the blocks of the network were not trained")
    }
    let tuned = outcome.validation?.metrics
    // Without validation images, the fine-tuned network is kept.
    var isKept = true
    if let tuned, let frozen { isKept = (tuned.top1, -tuned.loss) > (frozen.top1, -frozen.loss) }
    return FineTuningOutcome(
      fineTuned: FineTuned(
        training: training, settings: settings, frozen: frozen, tuned: tuned, isKept: isKept),
      run: run, outcome: outcome)
  }

  /// The result with the fine-tuned network.
  func result(
    of tuning: FineTuningOutcome, _ material: Material, _ selection: HeadTrainer.Selection,
    _ isCancelled: () -> Bool
  ) throws(TrainingError) -> Result {
    let data = material.data
    func counts(_ images: [LabeledImage]) throws(TrainingError) -> ClassCounts {
      let samples = try ImageSamples(
        images, classes: data.labels.count, preprocessing: backbone.preprocessing)
      return try tuning.run.evaluation(of: tuning.outcome, on: samples, isCancelled: isCancelled)
    }
    let model = tuning.outcome.model
    return Result(
      model: model, backboneName: backbone.model.provenance?.name ?? "", data: data,
      validated: tuning.outcome.validation.map { MeasuredImages($0, data.validation) },
      tested: data.test.isEmpty ? nil : MeasuredImages(try counts(data.test), data.test),
      heldBackPredictions: Self.heldBack(data, selection), validatedModel: model,
      training: try counts(data.training).metrics, selection: selection,
      calibration: tuning.outcome.calibrated.calibration, fineTuned: tuning.fineTuned, isRefitted: false,
      skipped: material.skipped, cached: material.cached)
  }
}
