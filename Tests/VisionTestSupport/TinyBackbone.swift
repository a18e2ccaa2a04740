import VisionGraph
import VisionImage
import VisionLayers
public import VisionInference
public import VisionModel

/// A network of three layers on images of 12 × 12 pixels, for five classes that nobody needs.
public enum TinyBackbone {
  private struct Network: VisionLayers.Network {
    var body: some Layer {
      Conv2D(8, kernel: 3, stride: 2).named("conv")
      BatchNorm().named("norm")
      ReLU().named("relu")
      GlobalAveragePool().named("pool")
      Dropout(0.2).named("dropout")
      Dense(5).named("fc")
    }
  }

  public static func model(seed: UInt64 = 3) throws -> Model {
    let graph = try Network().graph(input: (3, 12, 12)).withProbabilities()
    return Model(
      graph: graph, parameters: graph.initialParameters(seed: seed), labels: ["a", "b", "c", "d", "e"],
      preprocessing: .squashed(12), embedding: try embedding(of: graph), head: "fc",
      provenance: Model.Provenance(name: "tiny", source: "made here", license: "Apache-2.0"))
  }

  /// What Dropout reads.
  private static func embedding(of graph: Graph) throws -> String? {
    graph.nodes.first { $0.operation is DropoutOperator }?.inputs.first?.map { graph[$0].name }
  }

  public static func make() throws -> Backbone { try Backbone(model()) }
}
