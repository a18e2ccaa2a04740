public import VisionTraining
public import VisionData
public import VisionImage
public import VisionLayers
public import VisionSystem
import VisionGraph
import VisionModel

extension Layer {
  /// Trains this network as a classifier on the images of a folder, which are augmented anew in each epoch.
  ///
  /// ```swift
  /// let folder = try ImageFolder("shapes")
  /// let network = try SmallNet(classes: folder.labels.count).fit(folder, preprocessing, epochs: 30)
  /// try network.model.write(to: "shapes.onnx")
  /// ```
  ///
  /// - Parameters:
  ///   - folder: each epoch is evaluated on its validation images; the weights of the best epoch are kept.
  ///   - preprocessing: how images become the network's input, C×H×W; it becomes part of the model.
  ///   - epochs: at least 1.
  ///   - augmentation: how much the training images are augmented.
  ///   - isCancelled: asked between steps.
  ///   - report: called with each event.
  /// - Throws: `TrainingError` when the folder cannot be trained on, a file cannot be read, the network does
  ///   not fit the images and classes, or training fails.
  public func fit(
    _ folder: ImageFolder, _ preprocessing: Preprocessing, epochs: Int,
    augmentation: AugmentationPreset = .none, settings: TrainerSettings = TrainerSettings(),
    isCancelled: () -> Bool = { false }, report: (TrainingEvent) -> Void = { _ in }
  ) throws(TrainingError) -> FittedNetwork {
    do {
      try folder.check()
      try folder.checkSingleLabel()
    } catch { throw TrainingError(error) }
    let images = TrainingImages(
      folder, preprocessing, augmentation, isGray: preprocessing.channels == .gray)
    let trainer = try Trainer(
      self, on: images.training(), validation: images.plain(folder.validation), settings: settings)
    let result = try trainer.runBlocking(epochs: epochs, isCancelled: isCancelled, report: report)
    let graph: Graph
    do { graph = try trainer.graph.withProbabilities() } catch { throw TrainingError(error) }
    return FittedNetwork(
      graph: graph, result: result, labels: folder.labels, preprocessing: preprocessing)
  }
}
