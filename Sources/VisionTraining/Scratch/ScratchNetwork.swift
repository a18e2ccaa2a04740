import VisionGraph
public import VisionLayers
public import VisionSystem
import VisionTensor

/// Finds the networks that can be trained from random weights.
public enum ScratchNetwork {
  /// The architecture with that name, dashes and underscores aside: `mobilenetv2` is `mobilenet_v2`.
  ///
  /// - Throws: `TrainingError` with code `architecture` when there is none; it names the nearest.
  public static func architecture(_ name: String) throws(TrainingError) -> Architecture {
    func plain(_ text: String) -> String { text.lowercased().filter { $0 != "-" && $0 != "_" } }
    if let found = Architecture.named(name)
      ?? Architecture.all.first(where: { plain($0.name) == plain(name) })
    {
      return found
    }
    let names = Architecture.all.map(\.name)
    let near = NearestNames.of(name, in: names)
    throw TrainingError(
      .architecture, "there is no architecture '\(NearestNames.printable(name))'",
      remedy: near.isEmpty
        ? "the architectures are \(names.joined(separator: ", "))"
        : "did you mean \(near.joined(separator: " or "))?")
  }

  /// The value that the last layer reads, Dropout before it left out: what describes an image; nil when it is no N×E.
  static func embedding(of graph: Graph, head: String) -> String? {
    guard let node = graph.nodes.first(where: { $0.name == head }), var value = node.inputs.first ?? nil
    else {
      return nil
    }
    while let node = graph.nodes.first(where: {
      $0.outputs.contains(value) && $0.operation is DropoutOperator
    }),
      let input = node.inputs.first ?? nil
    {
      value = input
    }
    return graph.fact(value).shape.rank == 2 ? graph[value].name : nil
  }
}
