package import VisionCompute
public import VisionImage
import VisionInference
import VisionModel
import VisionSystem
import VisionTensor

/// Finds objects in images with a detector of any kind. Its input has one size, or follows the sides of each image.
///
/// Immutable; any number of threads may call it at once.
public struct DetectorPipeline: Sendable {
  /// What is found; its input is that of the network's own size.
  public let task: ObjectDetection
  private let network: DetectorNetwork
  private let sizes: DetectorSizes

  /// - Parameters:
  ///   - network: the detector.
  ///   - task: made from the network's model, perhaps with another selection; nil for the model's own.
  ///   - threads: threads to compute with; by default one per core.
  /// - Throws: a `VisionError` when the network cannot be used.
  public init(_ network: DetectorNetwork, _ task: ObjectDetection? = nil, threads: Int? = nil) throws {
    try self.init(network, task, on: Executor(threads: threads))
  }

  package init(_ network: DetectorNetwork, _ task: ObjectDetection? = nil, on executor: Executor) throws {
    self.network = network
    self.task = try task ?? ObjectDetection(network.model)
    sizes = DetectorSizes(executor)
  }

  /// The objects in each image.
  ///
  /// - Throws: the error of an image that cannot be prepared, or of a network that fails.
  public func predict(_ images: [Image]) throws -> [[Detection]] {
    var results: [[Detection]] = []
    for image in images {
      let input = task.input.preprocessing
      let sides: (width: Int, height: Int) =
        network.foreign?.sides(width: image.wholeWidth, height: image.wholeHeight)
        ?? (input.width, input.height)
      let pipeline = try sizes.pipeline(width: sides.width, height: sides.height) {
        try prepared(width: sides.width, height: sides.height)
      }
      results += try pipeline.predict([image])
    }
    return results
  }

  /// The task and its model for inputs of one size.
  private func prepared(width: Int, height: Int) throws -> (ObjectDetection, Model) {
    guard let foreign = network.foreign, foreign.multiple != nil else { return (task, network.model) }
    let model = try foreign.model(width: width, height: height)
    return (try task.resized(to: model), model)
  }

  /// Frees the memory that is kept between calls.
  public func releaseMemory() { sizes.removeAll() }
}
