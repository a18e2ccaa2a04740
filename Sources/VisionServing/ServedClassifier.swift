import VisionCompute
import VisionImage
import VisionInference
import VisionNet
import VisionTasks

/// A classifier behind the service.
struct ServedClassifier: ServedPredictor {
  let classifier: ImageClassifier

  init(_ classifier: ImageClassifier) { self.classifier = classifier }

  var task: ServedTask { .classification }
  var labels: [String] { classifier.labels }

  func outcomes(of images: [ServedImage], options: ImageOptions) throws -> [SubjectOutcome] {
    let task = classifier.task
    return try ImageRecords.outcomes(of: images, name: \.name) { (asked) throws(ImageError) in
      try Image(encoded: asked.bytes, options: classifier.reading(options))
    } predict: {
      try classifier.scores($0)
    } record: { asked, _, scores in
      var task = task
      task.top = asked.top
      return task.record(scores)
    }
  }

  func network(on executor: Executor) throws -> ServedNetwork {
    let task = classifier.task
    var options = SessionPool.Options(weights: classifier.packedWeights)
    options.rows = (task.bound, task.roles.output.value)
    return try ServedNetwork(
      task.graph(of: classifier.model), calling: task.outputs.map(\.name), classifier.model, task.input.specs,
      batch: .upTo(ImageClassifier.largestBatch), on: executor, options)
  }

  func releaseMemory() { classifier.releaseMemory() }
}
