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

  /// The embedding of each image, in order.
  ///
  /// - Throws: errors that are the model's.
  func embeddings(of images: [ServedImage], options: ImageOptions) throws -> [SubjectOutcome]

  /// Where in an image the evidence for a class is, and if `isPicture` a PNG that shows it.
  ///
  /// - Throws: errors that are the model's.
  func heatMap(of image: ServedImage, isPicture: Bool, options: ImageOptions) throws -> (
    outcome: SubjectOutcome, picture: [UInt8]?
  )

  /// The network without preparation and decoding.
  ///
  /// - Throws: `ClassifierError` where it runs in stages, or follows the sides of each image.
  func network(on executor: Executor) throws -> ServedNetwork

  func releaseMemory()
}

extension ServedPredictor {
  func embeddings(of images: [ServedImage], options: ImageOptions) throws -> [SubjectOutcome] {
    throw ClassifierError(.embedding, "only classifiers describe whole images", remedy: "ask a classifier")
  }

  func heatMap(of image: ServedImage, isPicture: Bool, options: ImageOptions) throws -> (
    outcome: SubjectOutcome, picture: [UInt8]?
  ) {
    throw ClassifierError(.classes, "only classifiers have heat maps", remedy: "ask a classifier")
  }

  func releaseMemory() {}
}
