import VisionSystem
import VisionInference
import VisionData
import VisionCompute
import VisionGraph
import VisionImage
import VisionModel
import VisionTensor

/// Trains the last blocks of a pretrained network, or all of it, together with its trained last layer.
///
/// Earlier blocks learn more slowly; batch normalization keeps the statistics of the dataset that the network
/// was pretrained on. The weights of the epoch that is best on the validation images are kept.
struct FineTuner {
  let model: Model
  let data: ImageFolder
  let settings: ResolvedSettings
  /// The folder for checkpoint and logs; nil for none.
  let folder: String?

  /// The prepared trainer.
  ///
  /// - Throws: `TrainingError` for unsuitable settings or networks, or too little memory.
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
    let images = TrainingImages(data, preprocessing, settings[.augmentation], isGray: false)
    var trainerSettings = TrainerSettings(settings, samples: data.training.count)
    trainerSettings.folder = folder
    settings[.fineTuning].part.restrict(&trainerSettings, model.graph, head: head, isPretrained: true)
    return try Trainer(
      model.graph, parameters: model.parameters, on: images.training(), validation: images.validation(),
      settings: trainerSettings)
  }
}
