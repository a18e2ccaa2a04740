import VisionData
import VisionSystem
import VisionInference
import VisionGraph
import VisionImage
import VisionModel
import VisionTensor

/// The logits of a network for images, each computed alone, so that they do not depend on threads or batches.
struct ImageLogits {
  private let extractor: FeatureExtractor

  /// - Parameter graph: a network with the output `logits`, N×K.
  init(_ graph: Graph, _ parameters: Parameters, _ preprocessing: Preprocessing, threads: Int?)
    throws(TrainingError)
  {
    guard let logits = graph.output(of: .logits) else {
      throw TrainingError(.network, "the network has no output '\(OutputRole.logits.name)'")
    }
    let model = Model(
      graph: graph, parameters: parameters, preprocessing: preprocessing, embedding: graph[logits.value].name)
    extractor = try FeatureExtractor(Backbone(model), threads: threads)
  }

  /// The logits, with a row for each image.
  ///
  /// - Throws: `TrainingError`: `interrupted` when cancelled, `skipped` for an image that cannot be read.
  func matrix(_ images: [LabeledImage], _ isCancelled: @escaping @Sendable () -> Bool)
    throws(TrainingError) -> Matrix
  {
    guard !images.isEmpty else { return Matrix(rows: 0, columns: extractor.backbone.featureCount) }
    return try extractor.features(of: images.map(\.path), isStrict: true, isCancelled: isCancelled).features
  }
}
