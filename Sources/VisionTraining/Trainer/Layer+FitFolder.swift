public import VisionData
public import VisionImage
public import VisionLayers
public import VisionSystem
import VisionGraph
import VisionModel

extension Layer {
  /// Trains this network as a classifier of the images in a folder, which are read and changed anew in each epoch.
  ///
  /// ```swift
  /// let folder = try ImageFolder("shapes")
  /// let network = try SmallNet(classes: folder.labels.count).fit(folder, preprocessing, epochs: 30)
  /// try network.model.write(to: "shapes.onnx")
  /// ```
  ///
  /// - Parameters:
  ///   - folder: its validation images judge each epoch; the best one is kept.
  ///   - preprocessing: how images become the network's input, C×H×W; the model knows it, too.
  ///   - epochs: at least 1.
  ///   - augmentation: how much the images to train on are changed.
  ///   - isCancelled: asked between steps.
  ///   - report: told what happens.
  /// - Throws: `TrainingError` when there is nothing to learn or a file cannot be read, when the network does not take the
  ///   images and tell the classes apart, or when training fails.
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
      self, on: images.training(), validation: images.validation(), settings: settings)
    let result = try trainer.runBlocking(epochs: epochs, isCancelled: isCancelled, report: report)
    let graph: Graph
    do { graph = try trainer.graph.withProbabilities() } catch { throw TrainingError(error) }
    return FittedNetwork(
      graph: graph, result: result, labels: folder.labels, preprocessing: preprocessing)
  }
}
