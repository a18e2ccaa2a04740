import VisionTensor

/// Recognizes x · sigmoid(x) as one activation.
package struct SwishFusion: Pass {
  package init() {}

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    let rewritten = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      guard type(of: node.operation).name == "Mul", node.inputs.count == 2 else { return nil }
      for (a, b) in [(0, 1), (1, 0)] {
        guard let x = node.inputs[a], let gate = rewriter.soleProducer(of: node.inputs[b]),
          type(of: gate.operation).name == "Sigmoid", gate.inputs[0] == x, graph.fact(x).type == .float32
        else { continue }
        return try rewriter.emit(
          ActivationOperator(ElementFunction(.silu, 1)), [rewriter.mapped(x)], name: node.name)
      }
      return nil
    }
    return try DeadNodeRemoval().run(rewritten)
  }
}
