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

  func releaseMemory()
}

extension ServedPredictor {
  func releaseMemory() {}
}
