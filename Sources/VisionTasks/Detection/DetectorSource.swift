package import VisionCompute
package import VisionImage
package import VisionModel
package import VisionData
import VisionSystem

/// A detector from a file, whether it is one graph or runs in stages.
package enum DetectorSource: Sendable {
  case network(DetectorNetwork)
  case staged(StagedDetector)

  /// - Parameters:
  ///   - labels: the names of the classes; nil for those of the file.
  ///   - head: what the outputs mean; nil to find it out.
  /// - Throws: a `VisionError` when the file cannot be read or is no detector.
  package init(contentsOf path: String, labels: [String]?, head: DetectorKind?, on executor: Executor) throws
  {
    do {
      var model = try Model(contentsOf: path)
      if let labels { model.labels = labels }
      self = .network(try DetectorNetwork(model, head: head))
    } catch let error as FormatError {
      guard error.kind == .dataDependent else { throw error }
      self = .staged(
        try StagedDetector(OnnxReader.readProgram(path), labels: labels, head: head, on: executor))
    }
  }

  /// The model; nil where the detector runs in stages.
  package var model: Model? {
    switch self {
    case .network(let network): network.model
    case .staged: nil
    }
  }

  /// The sides of the input; nil where it follows each image.
  package var input: ImageSize? {
    switch self {
    case .network(let network):
      network.model.preprocessing.map { ImageSize(width: $0.width, height: $0.height) }
    case .staged(let detector): detector.inputSize
    }
  }

  /// What the head was recognized by, for people; nil for files that say what they are.
  package var note: String? {
    switch self {
    case .network(let network): network.note
    case .staged(let detector): detector.note
    }
  }

  /// The task with the detector's own selection.
  package func task() throws -> ObjectDetection {
    switch self {
    case .network(let network): try ObjectDetection(network.model)
    case .staged(let detector): detector.task
    }
  }

  /// Finds objects with a task made of this detector's.
  package func predictor(_ task: ObjectDetection, on executor: Executor) throws
    -> @Sendable ([Image]) throws -> [[Detection]]
  {
    switch self {
    case .network(let network):
      let pipeline = try DetectorPipeline(network, task, on: executor)
      return { try pipeline.predict($0) }
    case .staged(let detector):
      var running = detector.running(on: executor)
      running.task = task
      return { [running] in try running.predict($0) }
    }
  }
}
