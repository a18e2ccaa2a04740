import VisionCompute
import VisionImage
import VisionInference
import VisionModel
import VisionTasks
import VisionSystem

/// A detector of objects behind the service.
struct ServedDetector: ServedPredictor {
  let objects: ObjectDetection
  /// The lowest score that counts where nothing else is asked for.
  let confidence: Float
  private let source: DetectorSource
  private let predict: @Sendable ([Image]) throws -> [[Detection]]

  /// - Parameter objects: the task with the detector's own selection.
  init(_ source: DetectorSource, _ objects: ObjectDetection, on executor: Executor) throws {
    confidence = objects.selection.confidence
    // A box is dropped for better ones only, so that leaving out those with low scores afterwards gives what was selected
    // without them.
    var objects = objects
    objects.selection.confidence = min(confidence, ServedModel.lowestConfidence)
    (self.objects, self.source) = (objects, source)
    predict = try source.predictor(objects, on: executor)
  }

  var task: ServedTask { .detection }
  var labels: [String] { objects.labels }

  func outcomes(of images: [ServedImage], options: ImageOptions) throws -> [SubjectOutcome] {
    var options = options
    options.preprocessing = objects.input.preprocessing
    return try ImageRecords.outcomes(of: images, name: \.name) { (asked) throws(ImageError) in
      try Image(encoded: asked.bytes, options: options)
    } predict: {
      try predict($0)
    } record: { asked, _, found in
      objects.record(found.filter { $0.score >= asked.confidence ?? confidence })
    }
  }

  func network(on executor: Executor) throws -> ServedNetwork {
    guard case .network(let network) = source else {
      throw ClassifierError(.network, "the detector runs in stages, and has no tensors to be asked for")
    }
    return try ServedNetwork(objects, network.model, on: executor)
  }
}

extension ServedNetwork {
  init(_ objects: ObjectDetection, _ model: Model, on executor: Executor) throws {
    try self.init(
      objects.graph(of: model), calling: objects.outputs.map(\.name), model, objects.input.specs, batch: .one,
      on: executor)
  }
}
