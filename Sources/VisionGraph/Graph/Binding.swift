public import VisionTensor

extension Graph {
  /// The same graph for other input shapes; every fact is inferred again.
  ///
  /// - Parameter shapes: shapes by input name; inputs not listed keep their shapes.
  /// - Throws: `GraphError` when a name is not an input, a shape contradicts the declaration, or a shape rule
  ///   fails.
  public func bound(to shapes: [String: Shape]) throws(GraphError) -> Graph {
    var graph = self
    for (name, shape) in shapes.sorted(by: { $0.key < $1.key }) {
      guard let id = inputs.first(where: { values[$0.index].name == name }),
        case .input(let dimensions) = values[id.index].source
      else {
        let names = inputs.map { values[$0.index].name }.joined(separator: ", ")
        throw GraphError(.input, "the network has no input '\(name)'", remedy: "its inputs are: \(names)")
      }
      guard dimensions.count == shape.rank else {
        throw GraphError(
          .input, "input '\(name)' has \(dimensions.count) axes, not \(shape.rank) (\(shape))", place: name)
      }
      for (axis, dimension) in dimensions.enumerated() {
        if case .fixed(let extent) = dimension, extent != shape[axis] {
          throw GraphError(
            .input, "axis \(axis) of input '\(name)' is fixed to \(extent) in the model, not \(shape[axis])",
            place: name, remedy: axis == 0 ? "use batch size \(extent)" : nil)
        }
      }
      graph.values[id.index].fact = Fact(values[id.index].fact.type, shape)
    }
    for node in graph.nodes {
      let facts = try Self.infer(
        node.operation, node.inputs.map { $0.map { graph.fact($0) } }, name: node.name)
      for (output, fact) in zip(node.outputs, facts) { graph.values[output.index].fact = fact }
    }
    return graph
  }

  /// The same graph for another batch size, which becomes the first axis of every input.
  ///
  /// - Throws: `GraphError` when the batch size of an input is fixed to another number.
  public func bound(batch: Int) throws(GraphError) -> Graph {
    var shapes: [String: Shape] = [:]
    for id in inputs {
      var shape = values[id.index].fact.shape
      guard shape.rank > 0, shape[0] != batch else { continue }
      shape[0] = batch
      shapes[values[id.index].name] = shape
    }
    return shapes.isEmpty ? self : try bound(to: shapes)
  }

  /// The same graph with some facts replaced; nothing is inferred from them.
  package func withFacts(_ facts: [ValueID: Fact]) -> Graph {
    var graph = self
    for (id, fact) in facts { graph.values[id.index].fact = fact }
    return graph
  }
}
