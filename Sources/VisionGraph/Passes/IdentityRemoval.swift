/// Removes operators that change nothing at inference: Identity, Dropout, and casts to the type that is there.
public struct IdentityRemoval: Pass {
  public init() {}

  public func run(_ graph: Graph) throws(GraphError) -> Graph {
    let rewritten = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      guard let input = node.inputs.first ?? nil, node.outputs.count == 1 else { return nil }
      switch type(of: node.operation).name {
      case "Identity", "Dropout": return [rewriter.mapped(input)]
      case "Cast", "CastLike":
        return graph.fact(input).type == graph.fact(node.outputs[0]).type ? [rewriter.mapped(input)] : nil
      default: return nil
      }
    }
    return try DeadNodeRemoval().run(rewritten)
  }
}
