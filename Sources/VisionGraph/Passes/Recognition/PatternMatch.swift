import VisionTensor

/// What the names of a pattern stand for in a graph.
struct PatternMatch {
  let graph: Graph
  /// Whether values are parameters, constants, or follow from those alone.
  let isFixed: [Bool]
  /// The value that the whole form stands for.
  let result: ValueID
  var values: [String: ValueID] = [:]
  var numbers: [String: Double] = [:]
  var nodes: [String: Graph.Node] = [:]
  /// The nodes of the form, by their numbers in the graph.
  var interior: Set<Int> = []

  /// The fact of the result.
  var fact: Fact { graph.fact(result) }

  func fact(_ name: String) -> Fact? { values[name].map(graph.fact) }

  func isFixed(_ name: String) -> Bool { values[name].map { isFixed[$0.index] } ?? false }

  /// The operator of a node.
  func operation<Operation: Operator>(_ name: String, _: Operation.Type = Operation.self) -> Operation? {
    nodes[name]?.operation as? Operation
  }

  /// An input of a named node that follows from constants, as integers.
  func integers(_ name: String, input: Int) -> [Int]? {
    guard let node = nodes[name], input < node.inputs.count, let value = node.inputs[input] else {
      return nil
    }
    return graph.fact(value).value?.integers
  }
}
