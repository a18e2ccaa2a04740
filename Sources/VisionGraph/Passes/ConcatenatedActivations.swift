import VisionTensor

/// Moves activations from behind a concatenation of convolutions to before it, where they become part of these.
package struct ConcatenatedActivations: Pass {
  package init() {}

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    let rewritten = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      guard node.outputs.count == 1, graph.fact(node.outputs[0]).type == .float32,
        let concat = rewriter.soleProducer(of: node.inputs.first ?? nil),
        let producers = rewriter.concatenatedConvolutions(concat),
        node.operation.elementFunction(node.inputs.map { $0.map { graph.fact($0) } })?.isFusible == true
          || node.operation is ActivationOperator
      else { return nil }
      let others = node.inputs.dropFirst().map { $0.map { rewriter.mapped($0) } }
      var results: [ValueID?] = []
      for producer in producers {
        results += try rewriter.emit(
          node.operation, [rewriter.mapped(producer.outputs[0])] + others,
          name: "\(node.name) of \(producer.name)")
      }
      return try rewriter.emit(concat.operation, results, name: concat.name)
    }
    return try DeadNodeRemoval().run(rewritten)
  }
}

extension GraphRewriter {
  /// The convolutions that a node of the source joins along the channels, if it joins nothing else and nobody else reads them.
  func concatenatedConvolutions(_ node: Graph.Node) -> [Graph.Node]? {
    guard let concat = node.operation as? Concat, node.inputs.count > 1 else { return nil }
    let rank = source.fact(node.outputs[0]).shape.rank
    let axis = concat.axis < 0 ? concat.axis + rank : concat.axis
    let producers = node.inputs.compactMap { soleProducer(of: $0) }
    guard axis == 1, producers.count == node.inputs.count, producers.allSatisfy({ $0.operation is Conv })
    else { return nil }
    return producers
  }
}
