/// Removes operators that change nothing: Identity, Dropout at inference, casts to the type that is there, and sums to
/// the shape that is there for the batch that the graph is bound to.
package struct IdentityRemoval: Pass {
  package init() {}

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    let rewritten = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      guard let input = node.inputs.first ?? nil, node.outputs.count == 1 else { return nil }
      switch type(of: node.operation).name {
      case "Identity": return [rewriter.mapped(input)]
      case "Dropout":
        return DropoutOperator.isIdentity(node.inputs.map { $0.map { graph.fact($0) } })
          ? [rewriter.mapped(input)] : nil
      case "Cast", "CastLike":
        return graph.fact(input).type == graph.fact(node.outputs[0]).type ? [rewriter.mapped(input)] : nil
      case SumToShape.name:
        return graph.fact(input).shape == graph.fact(node.outputs[0]).shape ? [rewriter.mapped(input)] : nil
      default: return nil
      }
    }
    return try DeadNodeRemoval().run(rewritten)
  }
}
