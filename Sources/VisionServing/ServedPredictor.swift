import VisionCompute
import VisionImage
import VisionInference

/// How the model of one task answers images.
protocol ServedPredictor: Sendable {
  var task: ServedTask { get }
  var labels: [String] { get }

  /// The outcome of each image, in order.
  ///
  /// - Throws: errors that are the model's.
  func outcomes(of images: [ServedImage], options: ImageOptions) throws -> [SubjectOutcome]

  /// The network without preparation and decoding.
  ///
  /// - Throws: `ClassifierError` where it runs in stages, or follows the sides of each image.
  func network(on executor: Executor) throws -> ServedNetwork

  func releaseMemory()
}

extension ServedPredictor {
  func releaseMemory() {}
}
