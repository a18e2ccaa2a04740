import VisionCompute
import VisionImage
import VisionInference
import VisionModel
import VisionNet
import VisionTasks

/// A detector of faces behind the service.
struct ServedFaces: ServedPredictor {
  private let detector: FaceDetector
  /// The lowest score that counts where nothing else is asked for.
  let confidence: Float

  private let model: Model

  init(_ path: String, _ model: Model, _ confidence: Float, threads: Int) throws {
    (self.confidence, self.model) = (confidence, model)
    detector = try FaceDetector(
      contentsOf: path, confidence: min(confidence, ServedModel.lowestConfidence), threads: threads)
  }

  var task: ServedTask { .faces }
  var labels: [String] { detector.task.objects.labels }

  func outcomes(of images: [ServedImage], options: ImageOptions) throws -> [SubjectOutcome] {
    try ImageRecords.outcomes(of: images, name: \.name) { (asked) throws(ImageError) in
      try Image(encoded: asked.bytes, options: options)
    } predict: {
      try $0.map { try detector.detect($0) }
    } record: { asked, _, faces in
      Face.record(faces.filter { $0.score >= asked.confidence ?? confidence })
    }
  }

  func network(on executor: Executor) throws -> ServedNetwork {
    try ServedNetwork(detector.task.objects, model, on: executor)
  }
}
