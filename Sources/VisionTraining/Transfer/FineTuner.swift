import VisionSystem
import VisionInference
import VisionData
import VisionCompute
import VisionGraph
import VisionImage
import VisionModel
import VisionTensor

/// Trains the last blocks of a pretrained network, or all of it, together with a last layer that has been trained before.
///
/// Earlier blocks learn more slowly; BatchNormalization keeps the statistics of the large set that the network was
/// pretrained on. The weights of the epoch that is best on the validation images are kept.
struct FineTuner {
  let model: Model
  let data: ImageFolder
  let configuration: TrainConfiguration
  /// For checkpoint and logs; nil for none.
  let folder: String?

  /// What a block's rate is multiplied by for each block between it and the last layer.
  static let rateDecay: Float = 0.9

  /// What suits a pretrained network where a setting is left open: few epochs of AdamW at a small rate along a cosine.
  static func resolved(_ given: TrainConfiguration, images: Int) -> TrainConfiguration {
    var result = given
    let epochs = given.epochs ?? min(max(8_000 / max(images, 1), 3), 10)
    result.epochs = epochs
    result.batchSize = given.batchSize ?? min(32, max(images, 1))
    result.optimizer = given.optimizer ?? .adamw
    result.rate = given.rate ?? (result.optimizer == .sgd ? 2e-3 : 2e-4)
    result.schedule = given.schedule ?? .cosine
    result.warmup = given.warmup ?? min(1, Double(epochs) / 10)
    result.weightDecay = given.weightDecay ?? (result.optimizer == .sgd ? 1e-4 : 1e-2)
    result.momentum = given.momentum ?? (result.optimizer == .sgd ? 0.9 : 0)
    result.augmentation = given.augmentation ?? .standard
    result.labelSmoothing = given.labelSmoothing ?? 0.1
    result.averaging = given.averaging ?? 0
    result.clip = given.clip ?? 1
    result.loss = given.loss ?? .crossEntropy
    result.classWeights = given.classWeights ?? ClassWeighting.none
    result.mixup = given.mixup ?? 0
    result.cutmix = given.cutmix ?? 0
    result.patience = given.patience ?? 0
    return result
  }

  /// The trainer, with everything laid out.
  ///
  /// - Throws: `TrainingError` of settings, network or memory.
  func makeTrainer() throws(TrainingError) -> Trainer {
    guard let preprocessing = model.preprocessing, let head = model.head else {
      throw TrainingError(.network, "the model does not name its preprocessing and its last layer")
    }
    let input = try Backbone(model).input
    guard input.layout == .nchw, input.type == .float32, input.fixedBatch == nil else {
      throw TrainingError(
        .network,
        "a network is trained on float32 N×C×H×W with N open, this one takes \(model.graph.fact(model.graph.inputs[0]))",
        place: model.provenance?.name, remedy: "train its last layer alone, or export it in that form")
    }
    let batches = ScratchBatches(data, preprocessing, configuration, isGray: false)
    let training = try batches.training()
    var settings = try TrainerSettings(configuration, batches: training.batchesPerEpoch)
    settings.folder = folder
    let blocks = NetworkBlocks(model.graph, head: head)
    let count = blocks.blocks.count
    let first =
      switch configuration.fineTuning ?? .none {
      case .none: count
      case .last(let number): max(0, count - number)
      case .all: 0
      }
    settings.isTrained = { name in blocks.index(of: name).map { $0 >= first } ?? true }
    settings.keepsStatistics = { _ in true }
    settings.rateFactor = { name in
      guard let block = blocks.index(of: name) else { return 1 }
      return (block..<count).reduce(Float(1)) { factor, _ in factor * Self.rateDecay }
    }
    return try Trainer(
      model.graph, parameters: model.parameters, on: training,
      validation: batches.validation(), settings: settings)
  }
}
