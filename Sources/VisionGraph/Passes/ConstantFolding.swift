/// Turns values that shape inference has already computed into constants.
///
/// Large constant expressions and those of parameters are left to the plan, which freezes them.
package struct ConstantFolding: Pass {
  package init() {}

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    let folded = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      let values = node.outputs.compactMap { graph.fact($0).value }
      guard values.count == node.outputs.count else { return nil }
      return zip(node.outputs, values).map { id, value in
        rewriter.constant(value, name: graph[id].name)
      }
    }
    return try DeadNodeRemoval().run(folded)
  }
}
