import VisionTensor

/// Makes a BatchNormalization of the batch, the addition after it and the clamp after that one node, before the graph is
/// differentiated: each is a pass over memory less, forwards and backwards.
public struct TrainingFusion: Pass {
  public init() {}

  public func run(_ graph: Graph) throws(GraphError) -> Graph {
    let added = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      guard node.operation is Add, node.inputs.count == 2 else { return nil }
      // The later of two normalisations takes the sum: the other operand exists by then.
      let candidates = [0, 1].compactMap { index -> (index: Int, node: Graph.Node)? in
        Self.normalization(node.inputs[index], rewriter).map { (index, $0) }
      }
      guard let best = candidates.max(by: { $0.node.outputs[0] < $1.node.outputs[0] }),
        var op = best.node.operation as? BatchNormalizationTraining, let other = node.inputs[1 - best.index],
        graph.fact(other) == graph.fact(best.node.outputs[0]), op.clamp == nil, !op.hasResidual
      else { return nil }
      op.hasResidual = true
      let inputs = best.node.inputs.map { $0.map { rewriter.mapped($0) } } + [rewriter.mapped(other)]
      return try Self.replace(best.node, by: op, inputs, &rewriter)
    }
    let clean = try DeadNodeRemoval().run(added)
    let clamped = try GraphRewriter.rewrite(clean) { (node, rewriter) throws(GraphError) in
      guard let producer = Self.normalization(node.inputs.first ?? nil, rewriter), node.outputs.count == 1,
        let clamp = Clamp(node.operation, node.inputs.map { $0.map { clean.fact($0) } }),
        var op = producer.operation as? BatchNormalizationTraining, op.clamp == nil
      else { return nil }
      op.clamp = clamp
      return try Self.replace(
        producer, by: op, producer.inputs.map { $0.map { rewriter.mapped($0) } }, &rewriter)
    }
    return try DeadNodeRemoval().run(clamped)
  }

  /// The normalisation whose result `id` is, when nothing else reads that.
  private static func normalization(_ id: ValueID?, _ rewriter: GraphRewriter) -> Graph.Node? {
    guard let id, rewriter.useCounts[id.index] == 1, let node = rewriter.source.producer(of: id),
      node.operation is BatchNormalizationTraining, node.outputs.first == id
    else { return nil }
    return node
  }

  /// Emits the node anew; who reads the statistics reads those of the new one.
  private static func replace(
    _ node: Graph.Node, by op: BatchNormalizationTraining, _ inputs: [ValueID?],
    _ rewriter: inout GraphRewriter
  ) throws(GraphError) -> [ValueID] {
    let outputs = try rewriter.emit(op, inputs, name: node.name)
    for (old, new) in zip(node.outputs.dropFirst(), outputs.dropFirst()) { rewriter.redirect(old, to: new) }
    return [outputs[0]]
  }
}
