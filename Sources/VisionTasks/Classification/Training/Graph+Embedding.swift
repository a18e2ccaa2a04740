import VisionGraph
import VisionTensor

extension Graph {
  /// The name of the embedding: the input of the last layer, without dropout before it; nil if it is not N×E.
  ///
  /// - Parameter head: the name of the last layer.
  func embedding(before head: String) -> String? {
    guard let node = nodes.first(where: { $0.name == head }), var value = node.inputs.first ?? nil else {
      return nil
    }
    while let node = nodes.first(where: { $0.outputs.contains(value) && $0.operation is DropoutOperator }),
      let input = node.inputs.first ?? nil
    {
      value = input
    }
    return fact(value).shape.rank == 2 ? self[value].name : nil
  }
}
