/// Turns values that shape inference has already computed into constants.
///
/// Large constant expressions, and expressions of parameters, are left to the plan, which computes them once.
public struct ConstantFolding: Pass {
  public init() {}

  public func run(_ graph: Graph) throws(GraphError) -> Graph {
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
