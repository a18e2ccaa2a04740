public import VisionData
public import VisionSystem
import VisionInference
public import VisionImage
public import VisionLayers
public import VisionModel
import VisionCompute
import VisionGraph

/// Trains a classifier on a folder of images: a whole network from random weights.
///
/// ```swift
/// let survey = try FolderSurvey(of: ImageFolder("digits"))
/// let training = try ScratchTraining(survey)
/// let result = try training.run()
/// try result.model.write(to: "digits.onnx")
/// ```
///
/// The same images and settings give the same bytes, whatever the number of threads, and also when an
/// interrupted or killed run is resumed from its folder.
public struct ScratchTraining: Sendable {
  /// The result of training.
  public struct Result: Sendable {
    /// The classifier.
    public let model: Model
    public let training: TrainingResult
    /// The metrics of the classifier on the validation images; nil without validation images.
    public let validation: ClassificationMetrics?
    /// The metrics of the classifier on the test images; nil without test images.
    public let test: ClassificationMetrics?
    /// The predictions of the classifier for the validation images; nil without validation images.
    public let validationPredictions: ClassifiedImages?
    /// The predictions of the classifier for the test images; nil without test images.
    public let testPredictions: ClassifiedImages?
    public let calibration: Calibration
  }

  public let survey: FolderSurvey
  public let settings: ResolvedSettings
  public let architecture: Architecture
  public let trainer: Trainer
  /// The steps of an epoch.
  public let batchesPerEpoch: Int
  /// Images per step.
  public let batchSize: Int
  /// The network's name for the embedding of an image; nil when there is none.
  private let embedding: String?
  /// How images become the network's input.
  public let preprocessing: Preprocessing

  /// Prepares training, so that mismatches are found before the first step.
  ///
  /// - Parameters:
  ///   - given: the given settings; open ones get defaults that depend on the data.
  ///   - folder: the folder for checkpoint and logs, which must exist; nil for none.
  /// - Throws: `TrainingError` when data, network and settings do not fit together or into memory.
  public init(
    _ survey: FolderSurvey, _ given: GivenSettings = GivenSettings(), folder: String? = nil
  ) throws(TrainingError) {
    var given = given
    given[.isFromScratch] = true
    settings = try given.resolved(in: Situation(survey))
    self.survey = survey
    let network = try ScratchNetwork(settings, for: survey)
    architecture = network.architecture
    preprocessing = try settings.applied(to: survey.preprocessing(network.size))
    embedding = ScratchNetwork.embedding(of: network.graph, head: architecture.head)
    let images = TrainingImages(
      survey.data, preprocessing, settings[.augmentation], isGray: survey.isGray)
    let count = survey.data.training.count
    var trainerSettings = TrainerSettings(settings, samples: count)
    trainerSettings.folder = folder
    (batchSize, batchesPerEpoch) = (trainerSettings.batchSize, count / trainerSettings.batchSize)
    trainer = try Trainer(
      network.graph, on: images.training(), validation: images.validation(), settings: trainerSettings)
  }

  /// Trains, and fits temperature and threshold on the validation images.
  ///
  /// - Parameters:
  ///   - isCancelled: asked between steps; true ends training after a checkpoint.
  ///   - report: called with each event, on the calling thread.
  /// - Throws: `TrainingError` as a `Trainer` does; `interrupted` when cancelled.
  public func run(
    isCancelled: @escaping @Sendable () -> Bool = { false }, report: (TrainingEvent) -> Void = { _ in }
  ) throws(TrainingError) -> Result {
    let trained = try trainer.runBlocking(
      epochs: settings[.epochs], isCancelled: isCancelled, report: report)
    guard trained.ending != .interrupted else {
      throw TrainingError(.interrupted, "interrupted after \(trained.steps) steps")
    }
    return try result(trained, isCancelled)
  }

  private func result(_ trained: TrainingResult, _ isCancelled: @escaping @Sendable () -> Bool)
    throws(TrainingError) -> Result
  {
    let logits = try ImageLogits(
      trainer.graph, trained.parameters, preprocessing, threads: settings[.threads])
    let held = try logits.matrix(survey.data.validation, isCancelled)
    let calibration = Calibration(logits: held, labels: survey.data.validation.map(\.label))
    func classified(_ logits: Matrix, _ images: [LabeledImage]) -> ClassifiedImages? {
      guard !images.isEmpty else { return nil }
      return ClassifiedImages(
        images: images,
        probabilities: SoftmaxRows.probabilities(logits, temperature: calibration.temperature))
    }
    func metrics(_ predictions: ClassifiedImages) -> ClassificationMetrics {
      ClassificationMetrics(
        probabilities: predictions.probabilities, labels: predictions.images.map(\.label),
        names: survey.data.labels, threshold: calibration.threshold)
    }
    let validated = classified(held, survey.data.validation)
    let tested = classified(try logits.matrix(survey.data.test, isCancelled), survey.data.test)
    return Result(
      model: try model(trained.parameters, calibration), training: trained,
      validation: validated.map(metrics), test: tested.map(metrics), validationPredictions: validated,
      testPredictions: tested, calibration: calibration)
  }

  private func model(_ parameters: Parameters, _ calibration: Calibration) throws(TrainingError) -> Model {
    do {
      let graph = try trainer.graph.withProbabilities(temperature: Float(calibration.temperature))
      var model = Model(
        graph: graph, parameters: parameters, labels: survey.data.labels, preprocessing: preprocessing,
        embedding: embedding, head: architecture.head, threshold: calibration.threshold,
        provenance: Model.Provenance(
          name: "\(survey.data.name) (\(architecture.name))",
          source: "\(architecture.title) trained from random weights by VisionNet on \(survey.data.name)"))
      if settings[.keepsImageHashes] {
        model.trainingImages = Model.TrainingImages(survey.data, hashes: survey.hashes, isRefitted: false)
      }
      return model
    } catch { throw TrainingError(error) }
  }
}
