import VisionCompute
import VisionGraph
import VisionImage
import VisionInference
import VisionModel
import VisionTensor

/// Any network that takes images, such as one that finds objects, segments or restores, compared by its outputs.
struct NetworkSubject: QuantizationSubject {
  static let comparesClasses = false

  let model: Model
  let input: ImageInputWriter
  private let sessions: SessionPool
  /// The positions of the outputs of float32; others are positions and counts, which have no noise.
  private let outputs: [Int]

  init(_ model: Model) throws(ClassifierError) {
    if let weight = model.graph.nonFiniteWeight(model.parameters) {
      throw ClassifierError(
        .notFinite, "the weights '\(weight.name)' of the network hold \(weight.value)",
        place: model.provenance?.name, remedy: "use a model whose weights are finite")
    }
    do {
      input = try ImageInputWriter(model)
      var model = model
      model.preprocessing = input.preprocessing
      self.model = model
      let graph = try model.graph.bound(to: input.preprocessing)
      outputs = graph.outputs.indices.filter { graph.fact(graph.outputs[$0].value).type == .float32 }
      guard !outputs.isEmpty else {
        throw ClassifierError(.network, "the network has no output of float32 to compare")
      }
      sessions = SessionPool(
        graph, model.parameters, writing: input.specs, on: Executor(threads: 1), SessionPool.Options())
    } catch { throw ClassifierError.wrapping(error) }
  }

  func image(contentsOf path: String) throws(ImageError) -> Image {
    try Image(contentsOf: path, options: ImageOptions(preprocessing: input.preprocessing))
  }

  func numbers(_ image: Image) throws(ClassifierError) -> [[Float]] {
    do {
      return try sessions.withSession(batch: sessions.batch(for: 1, .one)) { session in
        // Where the file fixes the batch size, all samples are the same image.
        _ = try session.write(session.batch) { _, slots, scratch in
          try input.write(image, into: slots, scratch)
        }
        try session.run()
        return outputs.map { index in session.withOutput(index) { Array($0.bindMemory(to: Float.self)) } }
      }
    } catch { throw ClassifierError.wrapping(error) }
  }
}
