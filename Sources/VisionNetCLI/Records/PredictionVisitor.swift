import VisionNet

/// Gets each image with what was found in it, before the record is made: what draws it, or cuts parts out of it.
protocol PredictionVisitor<Prediction>: Sendable {
  associatedtype Prediction

  /// Called for each image that will be read, in the order of the paths, one call at a time.
  func expect(_ path: FilePath) throws

  /// Called on any thread, for images that could be read. What it throws ends the run.
  func visit(_ path: FilePath, _ image: Image, _ prediction: Prediction) throws
}
