package import VisionTensor

/// Copies a graph node by node and lets a pass replace some of them.
///
/// Patterns are matched upstream in the source graph, which does not change; nodes that are no longer read
/// are left to `DeadNodeRemoval`.
package struct GraphRewriter {
  package let source: Graph
  /// The number of reads of each value of the source.
  package let useCounts: [Int]
  private(set) package var result = Graph()
  private var map: [ValueID?]

  init(_ source: Graph) {
    self.source = source
    self.useCounts = source.useCounts
    self.map = [ValueID?](repeating: nil, count: source.values.count)
    for (index, record) in source.values.enumerated() {
      if case .node = record.source { continue }
      let id = result.addValue(name: record.name, source: record.source, fact: record.fact)
      map[index] = id
    }
    result.inputs = source.inputs.compactMap { map[$0.index] }
    result.recognized = source.recognized
  }

  /// The counterpart, in the result, of a value of the source that has already been processed.
  package func mapped(_ id: ValueID) -> ValueID {
    guard let value = map[id.index] else { preconditionFailure("value \(id.index) is not emitted yet") }
    return value
  }

  /// The node of the source that computes `id`, if `id` is its only output and is read only once.
  package func soleProducer(of id: ValueID?) -> Graph.Node? {
    guard let id, useCounts[id.index] == 1, let node = source.producer(of: id), node.outputs.count == 1 else {
      return nil
    }
    return node
  }

  /// Appends a node to the result; `inputs` are values of the result.
  ///
  /// A node that replaces another may reuse its name, because the replaced node is then dead.
  package mutating func emit(_ op: any Operator, _ inputs: [ValueID?], name: String) throws(GraphError)
    -> [ValueID]
  {
    try result.addNode(op, inputs: inputs, name: name)
  }

  /// From now on, maps a value of the source to another value of the result.
  package mutating func redirect(_ id: ValueID, to value: ValueID) { map[id.index] = value }

  package mutating func constant(_ tensor: Tensor, name: String) -> ValueID {
    result.addValue(name: name, source: .constant(tensor), fact: Fact(constant: tensor))
  }

  /// Adds a parameter to the result; the caller keeps its tensor.
  package mutating func parameter(_ name: String, _ tensor: Tensor) -> ValueID {
    result.addValue(
      name: name, source: .parameter(.zeros), fact: Fact(tensor.elementType, tensor.shape))
  }

  /// Adds an input to the result.
  package mutating func input(_ name: String, type: ElementType, dimensions: [AxisLength], shape: Shape)
    -> ValueID
  {
    let id = result.addValue(name: name, source: .input(dimensions), fact: Fact(type, shape))
    result.inputs.append(id)
    return id
  }

  /// Processes every node of the source; `replace` returns the values that replace the node's outputs, or nil
  /// to copy the node.
  static func rewrite(
    _ source: Graph, _ replace: (Graph.Node, inout GraphRewriter) throws(GraphError) -> [ValueID]?
  ) throws(GraphError) -> Graph {
    var rewriter = GraphRewriter(source)
    for node in source.nodes {
      let outputs: [ValueID]
      if let replaced = try replace(node, &rewriter) {
        outputs = replaced
      } else {
        outputs = try rewriter.emit(
          node.operation, node.inputs.map { $0.map { rewriter.mapped($0) } }, name: node.name)
      }
      for (old, new) in zip(node.outputs, outputs) { rewriter.map[old.index] = new }
    }
    rewriter.result.outputs = source.outputs.map { ($0.name, rewriter.mapped($0.value)) }
    return rewriter.result
  }
}
