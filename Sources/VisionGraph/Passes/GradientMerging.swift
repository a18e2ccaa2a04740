/// Makes the gradients of a convolution with respect to its input and its weights one node, `ConvGradients`, where that is
/// wanted.
package struct GradientMerging: Pass {
  private let isWanted: @Sendable (Graph, Graph.Node) -> Bool

  /// - Parameter isWanted: for which convolutions, by the node of the gradient of their weights.
  package init(isWanted: @escaping @Sendable (Graph, Graph.Node) -> Bool) { self.isWanted = isWanted }

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    // Every plan's graph comes by, and most have no gradients.
    guard graph.nodes.contains(where: { $0.operation is ConvWeightGradient }) else { return graph }
    let partners = partners(in: graph)
    guard !partners.isEmpty else { return graph }
    var merged: [ValueID: [ValueID]] = [:]
    let result = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      guard let pair = partners[node.outputs[0]] else { return nil }
      let isFirst = merged[pair.first.outputs[0]] == nil
      if isFirst, let op = pair.second.operation as? ConvWeightGradient {
        let inputs = [pair.first.inputs[0], pair.first.inputs[1], pair.second.inputs[0]]
        merged[pair.first.outputs[0]] = try rewriter.emit(
          ConvGradients(window: op.window, groups: op.groups), inputs.map { $0.map { rewriter.mapped($0) } },
          name: node.name)
      }
      guard let outputs = merged[pair.first.outputs[0]] else { return nil }
      return [node.operation is ConvInputGradient ? outputs[0] : outputs[1]]
    }
    return try DeadNodeRemoval().run(result)
  }

  /// The gradients of input (`first`) and weights (`second`) of one convolution, by the output of either
  /// node.
  private func partners(in graph: Graph) -> [ValueID: (first: Graph.Node, second: Graph.Node)] {
    var producers: [ValueID: Int] = [:]
    var ofInput: [ValueID: (index: Int, node: Graph.Node)] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for output in node.outputs { producers[output] = index }
      if node.operation is ConvInputGradient, let g = node.inputs[0] { ofInput[g] = (index, node) }
    }
    var partners: [ValueID: (first: Graph.Node, second: Graph.Node)] = [:]
    for (index, node) in graph.nodes.enumerated() {
      guard let op = node.operation as? ConvWeightGradient, let x = node.inputs[0], let g = node.inputs[1],
        let partner = ofInput[g], let other = partner.node.operation as? ConvInputGradient,
        other.window == op.window, other.groups == op.groups,
        graph.fact(partner.node.outputs[0]).shape == graph.fact(x).shape,
        // Both operands must exist at the earlier of the two nodes.
        [x, partner.node.inputs[1]].allSatisfy({
          $0.flatMap { producers[$0] }.map { $0 < min(index, partner.index) } ?? true
        }), partners[partner.node.outputs[0]] == nil, isWanted(graph, node)
      else { continue }
      partners[partner.node.outputs[0]] = (partner.node, node)
      partners[node.outputs[0]] = (partner.node, node)
    }
    return partners
  }
}
