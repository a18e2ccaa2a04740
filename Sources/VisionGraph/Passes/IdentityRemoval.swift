/// Removes operators that change nothing for the bound batch: Identity, Dropout at inference, casts to the
/// same type, and sums to the same shape.
public struct IdentityRemoval: Pass {
  public init() {}

  public func run(_ graph: Graph) throws(GraphError) -> Graph {
    let rewritten = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      guard let input = node.inputs.first ?? nil, node.outputs.count == 1 else { return nil }
      switch type(of: node.operation).name {
      case "Identity", "Dropout": return [rewriter.mapped(input)]
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
