/// What the expansion of a function does to the graphs of its nodes.
extension OnnxNode {
  /// The attributes of a function's node in a call.
  ///
  /// - Parameters:
  ///   - given: the function's attributes in this call.
  ///   - values: the names outside of the call of the function's values.
  func attributes(given: [String: Value], values: [String: String]) -> [(name: String, value: Value)] {
    attributes.compactMap { name, value in
      switch value {
      // An attribute that neither the call nor the function sets is omitted.
      case .reference(let source): given[source].map { (name, $0) }
      case .graph(let graph): (name, .graph(graph.renamed(given: given, values: values)))
      default: (name, value)
      }
    }
  }

  /// The names of its values and of those of its graphs.
  var allNames: [String] { inputs + outputs + graphs.flatMap(\.graph.allNames) }
}

extension OnnxGraph {
  /// The graph with other names for the values that it reads from around it.
  fileprivate func renamed(given: [String: OnnxNode.Value], values: [String: String]) -> OnnxGraph {
    let own = ownNames
    let outer = values.filter { !own.contains($0.key) }
    var graph = self
    for index in graph.nodes.indices {
      graph.nodes[index].inputs = graph.nodes[index].inputs.map { outer[$0] ?? $0 }
      graph.nodes[index].attributes = graph.nodes[index].attributes(given: given, values: outer)
    }
    graph.renameOutputs(outer)
    return graph
  }

  /// The names of all values in it.
  var allNames: [String] {
    inputs.map(\.name) + initializers.map(\.name) + nodes.flatMap(\.allNames)
  }
}
