import VisionTensor

/// Recognizes operators that were written as several nodes (`GraphPattern`).
package struct Recognition: Pass {
  private let patterns: [GraphPattern]

  package init(_ patterns: [GraphPattern] = GraphPattern.all) { self.patterns = patterns }

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    var matcher = PatternMatcher(graph)
    var found: [ValueID: (pattern: GraphPattern, replacement: GraphPattern.Replacement)] = [:]
    for index in graph.nodes.indices.reversed() {
      if let match = matcher.match(patterns, at: index) { found[graph.nodes[index].outputs[0]] = match }
    }
    if found.isEmpty { return graph }
    var names: [String] = []
    var rewritten = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      guard let (pattern, replacement) = found[node.outputs[0]] else { return nil }
      names.append(pattern.name)
      var inputs: [ValueID] = []
      for (index, operand) in replacement.inputs.enumerated() {
        let name = "\(node.name).\(index)"
        switch operand {
        case .value(let id): inputs.append(rewriter.mapped(id))
        case .constant(let tensor): inputs.append(rewriter.constant(tensor, name: name))
        case .reshaped(let id, let shape):
          if graph.fact(id).shape == shape {
            inputs.append(rewriter.mapped(id))
          } else {
            let extents = rewriter.constant(Tensor(shape.map { Int64($0) }), name: "\(name).shape")
            inputs += try rewriter.emit(Reshape(), [rewriter.mapped(id), extents], name: name)
          }
        }
      }
      return try rewriter.emit(replacement.operation, inputs, name: node.name)
    }
    rewritten.recognized = graph.recognized
    for name in names { rewritten.recognized[name, default: 0] += 1 }
    return try DeadNodeRemoval().run(rewritten)
  }
}
