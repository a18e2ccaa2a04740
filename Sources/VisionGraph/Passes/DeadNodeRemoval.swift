/// Removes nodes, parameters and constants that no output depends on. Inputs stay.
package struct DeadNodeRemoval: Pass {
  package init() {}

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    var live = [Bool](repeating: false, count: graph.values.count)
    for output in graph.outputs { live[output.value.index] = true }
    for input in graph.inputs { live[input.index] = true }
    var kept: [Bool] = graph.nodes.map { _ in false }
    for index in graph.nodes.indices.reversed() {
      let node = graph.nodes[index]
      guard node.outputs.contains(where: { live[$0.index] }) else { continue }
      kept[index] = true
      for output in node.outputs { live[output.index] = true }
      for case let input? in node.inputs { live[input.index] = true }
    }
    var result = Graph()
    result.recognized = graph.recognized
    var map = [ValueID?](repeating: nil, count: graph.values.count)
    for (index, record) in graph.values.enumerated() where live[index] {
      map[index] = result.addValue(name: record.name, source: record.source, fact: record.fact)
    }
    for (index, node) in graph.nodes.enumerated() where kept[index] {
      let outputs = node.outputs.compactMap { map[$0.index] }
      for (position, output) in outputs.enumerated() {
        result.values[output.index].source = .node(result.nodes.count, output: position)
      }
      result.nodes.append(
        Graph.Node(
          name: node.name, operation: node.operation,
          inputs: node.inputs.map { $0.flatMap { map[$0.index] } }, outputs: outputs))
    }
    result.inputs = graph.inputs.compactMap { map[$0.index] }
    result.outputs = graph.outputs.compactMap { output in
      map[output.value.index].map { (output.name, $0) }
    }
    return result
  }
}
