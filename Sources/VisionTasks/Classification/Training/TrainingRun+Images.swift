import VisionTensor
public import VisionData
import VisionGraph
import VisionImage
import VisionInference
import VisionLayers
import VisionModel
public import VisionSystem
public import VisionTraining

extension TrainingRun where Task == Classification {
  /// Prepares training a classifier from random weights on the images of a folder.
  ///
  /// ```swift
  /// let survey = try FolderSurvey(of: ImageFolder("digits"))
  /// let outcome = try TrainingRun(survey, GivenSettings().resolved(for: survey)).run()
  /// try outcome.model.write(to: "digits.onnx")
  /// ```
  ///
  /// - Parameters:
  ///   - settings: resolved for the survey.
  ///   - folder: the folder for checkpoint, logs and ledger, which must exist; nil for none.
  /// - Throws: `TrainingError` when data, network and settings do not fit together.
  public init(_ survey: FolderSurvey, _ settings: ResolvedSettings, folder: String? = nil)
    throws(TrainingError)
  {
    let network = try ScratchNetwork(settings, for: survey)
    let (architecture, data) = (network.architecture, survey.data)
    var model = Model(
      graph: network.graph, parameters: network.graph.initialParameters(seed: settings[.seed]),
      labels: data.labels, preprocessing: try settings.applied(to: survey.preprocessing(network.size)),
      embedding: network.graph.embedding(before: architecture.head),
      head: architecture.head,
      provenance: Model.Provenance(
        name: "\(data.name) (\(architecture.name))",
        source: "\(architecture.title) trained from random weights by VisionNet on \(data.name)"))
    if settings[.keepsImageHashes] {
      model.trainingImages = Model.TrainingImages(data, hashes: survey.hashes, isRefitted: false)
    }
    try self.init(
      .complete(model, isPretrained: false), data, ImageLedger(survey), isGray: survey.isGray, .scratch,
      settings, folder)
  }

  /// Prepares training of blocks of a pretrained network, or all of it, together with its last layer, which has
  /// been trained already.
  ///
  /// - Parameters:
  ///   - model: the network with its last layer for the classes of the data.
  ///   - hashes: the hashes of the files of `data.images`.
  init(
    tuning model: Model, on data: ImageFolder, hashes: [ContentHash], _ settings: ResolvedSettings,
    folder: String?
  ) throws(TrainingError) {
    guard model.preprocessing != nil, model.head != nil else {
      throw TrainingError(.network, "the model does not name its preprocessing and its last layer")
    }
    let input = try Backbone(model).input
    guard input.layout == .nchw, input.type == .float32, input.fixedBatch == nil else {
      throw TrainingError(
        .network,
        "a network is trained on float32 N×C×H×W with N open, this one takes \(model.graph.fact(model.graph.inputs[0]))",
        place: model.provenance?.name, remedy: "train its last layer alone, or export it in that form")
    }
    let stage = Recipe.Stage(name: "fine-tuning", method: .descend, part: settings[.fineTuning].part)
    try self.init(
      .complete(model, isPretrained: true), data, ImageLedger(data, hashes: hashes), isGray: false,
      Recipe([stage]), settings, folder)
  }

  private init(
    _ network: StartingNetwork, _ data: ImageFolder, _ ledger: ImageLedger, isGray: Bool, _ recipe: Recipe,
    _ settings: ResolvedSettings, _ folder: String?
  ) throws(TrainingError) {
    guard case .complete(let model, let isPretrained) = network, let preprocessing = model.preprocessing
    else { throw TrainingError(.network, "the model does not say how images become its input") }
    var task: Classification
    do { task = try Classification(model) } catch { throw TrainingError(error) }
    // Those of the model, if any, are of other weights.
    task.threshold = nil
    task.loss =
      switch settings[.loss] {
      case .crossEntropy: SoftmaxCrossEntropy(labelSmoothing: Float(settings[.labelSmoothing]))
      case .focal: FocalLoss()
      }
    let images = TrainingImages(data, preprocessing, settings[.augmentation], isGray: isGray)
    // Fine-tuning is evaluated on the test images only if its network is kept.
    var samples = try Dataset(
      name: data.name, training: images.training(), validation: images.plain(data.validation),
      test: isPretrained ? nil : images.plain(data.test))
    samples.ledger = (ledger, data.root)
    try self.init(task, on: samples, from: network, recipe, settings: settings, folder: folder)
  }
}
