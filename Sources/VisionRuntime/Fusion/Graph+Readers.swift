import VisionGraph

extension Graph {
  /// The nodes that read each value, and which of their inputs it is.
  var readers: [[(node: Int, position: Int)]] {
    var readers = [[(node: Int, position: Int)]](repeating: [], count: values.count)
    for (index, node) in nodes.enumerated() {
      for (position, input) in node.inputs.enumerated() {
        if let input { readers[input.index].append((index, position)) }
      }
    }
    return readers
  }

  /// The facts of a node's inputs, nil where an input is absent.
  func inputFacts(of node: Node) -> [Fact?] { node.inputs.map { $0.map { fact($0) } } }
}
