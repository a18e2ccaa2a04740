import VisionGraph
import VisionNet

/// A network of three layers on images of 8 × 8 pixels, to train further.
enum TinyNetwork {
  private struct Body: Network {
    var body: some Layer {
      Conv2D(16, kernel: 3, stride: 2).named("conv")
      BatchNorm().named("norm")
      ReLU().named("relu")
      GlobalAveragePool().named("pool")
      Dropout(0.2).named("dropout")
      Dense(5).named("fc")
    }
  }

  static func model() throws -> Model {
    let graph = try Body().graph(input: (3, 8, 8)).withProbabilities()
    // What Dropout reads describes an image.
    let embedding = graph.nodes.first { $0.operation is DropoutOperator }?.inputs.first
    return Model(
      graph: graph, parameters: graph.initialParameters(seed: 3), labels: ["a", "b", "c", "d", "e"],
      preprocessing: .squashed(8), embedding: embedding?.map { graph[$0].name }, head: "fc",
      provenance: Model.Provenance(name: "tiny", source: "made here", license: "Apache-2.0"))
  }
}
