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
  let settings: ResolvedSettings
  /// For checkpoint and logs; nil for none.
  let folder: String?

  /// What a block's rate is multiplied by for each block between it and the last layer.
  static let rateDecay: Float = 0.9

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
    let batches = ScratchBatches(data, preprocessing, settings, isGray: false)
    let training = try batches.training()
    var trainerSettings = TrainerSettings(settings, batches: training.batchesPerEpoch)
    trainerSettings.folder = folder
    let blocks = NetworkBlocks(model.graph, head: head)
    let count = blocks.blocks.count
    let first =
      switch settings[.fineTuning] {
      case .none: count
      case .last(let number): max(0, count - number)
      case .all: 0
      }
    trainerSettings.isTrained = { name in blocks.index(of: name).map { $0 >= first } ?? true }
    trainerSettings.keepsStatistics = { _ in true }
    trainerSettings.rateFactor = { name in
      guard let block = blocks.index(of: name) else { return 1 }
      return (block..<count).reduce(Float(1)) { factor, _ in factor * Self.rateDecay }
    }
    return try Trainer(
      model.graph, parameters: model.parameters, on: training,
      validation: batches.validation(), settings: trainerSettings)
  }
}
