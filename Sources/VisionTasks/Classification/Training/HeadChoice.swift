import VisionCompute
import VisionData
import VisionInference
import VisionSystem

/// The setting of a last layer that is best on held-back images, and the layers that are fitted with it.
struct HeadChoice {
  let selection: HeadTrainer.Selection
  private let trainer: HeadTrainer
  private let executor: Executor
  private let labels: [String]
  /// The name of the network, for messages.
  private let name: String?
  private let isCancelled: () -> Bool

  /// Tries the settings.
  ///
  /// - Parameter report: called with each setting that was tried.
  init(
    _ material: TransferLearning.Material, name: String?, threads: Int?,
    isCancelled: @escaping () -> Bool, report: (HeadTrainer.Candidate) -> Void
  ) {
    (labels, self.name, self.isCancelled) = (material.data.labels, name, isCancelled)
    executor = Executor(threads: threads)
    trainer = HeadTrainer(classes: labels.count, executor: executor)
    selection = trainer.select(
      training: material.training, validation: material.validation, isCancelled: isCancelled, report: report)
  }

  /// - Throws: `TrainingError` with code `interrupted` when cancelled.
  func fit(_ examples: HeadTrainer.Examples) throws(TrainingError) -> LinearHead {
    let head = trainer.fit(
      examples, scaling: selection.best.scaling, penalty: selection.best.penalty, isCancelled: isCancelled)
    guard !isCancelled() else { throw TrainingError(.interrupted, "interrupted; the features are kept") }
    return head
  }

  /// - Throws: `TrainingError` with code `notFinite` for sums that overflow, since features may be as large as
  ///   3e38.
  func metrics(_ head: LinearHead, _ examples: HeadTrainer.Examples) throws(TrainingError)
    -> ClassificationMetrics
  {
    try counts(head, examples).metrics
  }

  /// The evaluation on the images of the examples; nil without images.
  func measured(_ head: LinearHead, _ examples: HeadTrainer.Examples, _ images: [LabeledImage])
    throws(TrainingError) -> MeasuredImages?
  {
    images.isEmpty ? nil : MeasuredImages(try counts(head, examples), images)
  }

  private func counts(_ head: LinearHead, _ examples: HeadTrainer.Examples) throws(TrainingError)
    -> ClassCounts
  {
    let logits = head.logits(examples.features, on: executor)
    guard logits.elements.allSatisfy(\.isFinite) else {
      throw TrainingError(
        .notFinite, "the last layer's numbers are not finite: the features of the images are too large",
        place: name, remedy: "check the model's weights, and that the preprocessing is the model's")
    }
    var counts = ClassCounts(labels, threshold: selection.calibration.threshold)
    counts.append(
      SoftmaxRows.probabilities(logits, temperature: selection.calibration.temperature), examples.labels)
    return counts
  }
}
