import VisionTensor

/// Makes a BatchNormalization of the batch, the addition after it and the clamp after that one node, before the graph is
/// differentiated: each is a pass over memory less, forwards and backwards. So are those that keep their statistics, where
/// scale or bias are trained; others are folded into their convolution later.
package struct TrainingFusion: Pass {
  private let isTrained: @Sendable (String) -> Bool

  /// - Parameter isTrained: whether the parameter of that name is trained.
  package init(isTrained: @escaping @Sendable (String) -> Bool = { _ in true }) { self.isTrained = isTrained }

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    let added = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      guard node.operation is Add, node.inputs.count == 2 else { return nil }
      // The later of two normalizations takes the sum, because the other operand has been computed by then.
      let candidates = [0, 1].compactMap {
        index -> (index: Int, node: Graph.Node, op: any FusableNormalization)? in
        normalization(node.inputs[index], rewriter).map { (index, $0.node, $0.op) }
      }
      guard let best = candidates.max(by: { $0.node.outputs[0] < $1.node.outputs[0] }),
        let other = node.inputs[1 - best.index],
        graph.fact(other) == graph.fact(best.node.outputs[0]), best.op.clamp == nil, !best.op.hasResidual
      else { return nil }
      var op = best.op
      op.hasResidual = true
      let inputs = best.node.inputs.map { $0.map { rewriter.mapped($0) } } + [rewriter.mapped(other)]
      return try Self.replace(best.node, by: op, inputs, &rewriter)
    }
    let clean = try DeadNodeRemoval().run(added)
    let clamped = try GraphRewriter.rewrite(clean) { (node, rewriter) throws(GraphError) in
      guard let producer = normalization(node.inputs.first ?? nil, rewriter), node.outputs.count == 1,
        let clamp = Clamp(node.operation, node.inputs.map { $0.map { clean.fact($0) } }),
        producer.op.clamp == nil
      else { return nil }
      var op = producer.op
      op.clamp = clamp
      return try Self.replace(
        producer.node, by: op, producer.node.inputs.map { $0.map { rewriter.mapped($0) } }, &rewriter)
    }
    return try DeadNodeRemoval().run(clamped)
  }

  /// The normalization whose result is `id`, if that result is read only once.
  private func normalization(_ id: ValueID?, _ rewriter: GraphRewriter) -> (
    node: Graph.Node, op: any FusableNormalization
  )? {
    let graph = rewriter.source
    guard let id, rewriter.useCounts[id.index] == 1, let node = graph.producer(of: id),
      node.outputs.first == id
    else { return nil }
    if let op = node.operation as? any FusableNormalization { return (node, op) }
    guard let op = node.operation as? BatchNormalization, node.inputs.count == 5 else { return nil }
    let learns = node.inputs[1...2].contains { input in
      guard let input, case .parameter = graph[input].source else { return false }
      return isTrained(graph[input].name)
    }
    return learns ? (node, BatchNormalizationFixed(epsilon: op.epsilon)) : nil
  }

  /// Replaces the node; readers of its statistics read those of the new node.
  private static func replace(
    _ node: Graph.Node, by op: any FusableNormalization, _ inputs: [ValueID?], _ rewriter: inout GraphRewriter
  ) throws(GraphError) -> [ValueID] {
    let outputs = try rewriter.emit(op, inputs, name: node.name)
    for (old, new) in zip(node.outputs.dropFirst(), outputs.dropFirst()) { rewriter.redirect(old, to: new) }
    return [outputs[0]]
  }
}
