import VisionCompute
import VisionGraph
import VisionImage
import VisionInference
import VisionModel
import VisionNet
import VisionTasks
import VisionTensor

/// A classifier's network up to what enters its last layer, with the classifier's own packed weights.
struct ServedEmbedding: Sendable {
  private let sessions: SessionPool
  private let input: ImageInputWriter

  /// - Throws: `ClassifierError` with kind `embedding` where the network has no single last layer.
  init(_ classifier: ImageClassifier) throws {
    var model: Model
    do {
      model = try classifier.model.describing().model
    } catch {
      throw ClassifierError(
        .embedding, "the network has no value that describes an image: \(error.message)",
        remedy: "ask another classifier")
    }
    model.preprocessing = classifier.preprocessing
    let task = try Classification(model)
    guard let name = model.embedding, let value = task.bound.value(named: name) else {
      throw ClassifierError(.embedding, "the network has no value that describes an image")
    }
    let builder = GraphBuilder(extending: task.bound)
    var numbers = builder.value(value)
    if numbers.fact.type != .float32 {
      numbers = try builder.add(Cast(to: .float32), numbers, name: "embedding as float32")
    }
    try builder.output("embedding", numbers)
    let graph = try DeadNodeRemoval().run(builder.graph)
    input = task.input
    var options = SessionPool.Options(weights: classifier.packedWeights)
    options.rows = (task.bound, value)
    sessions = SessionPool(graph, model.parameters, writing: input.specs, on: classifier.executor, options)
  }

  /// E numbers for each image.
  ///
  /// - Throws: `ClassifierError` with kind `notFinite`; errors of images that cannot be prepared.
  func numbers(of images: [Image]) throws -> [[Float]] {
    try sessions.run(images.count, .upTo(ImageClassifier.largestBatch)) { index, slots, scratch in
      try input.write(images[index], into: slots, scratch)
    } read: { _, _, outputs in
      let numbers = Array(outputs.floats(0))
      guard numbers.allSatisfy(\.isFinite) else {
        throw ClassifierError(.notFinite, "the network's numbers for the image are not finite")
      }
      return numbers
    }
  }
}
