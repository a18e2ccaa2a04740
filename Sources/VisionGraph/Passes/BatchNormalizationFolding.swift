import VisionTensor

/// Folds BatchNormalization into the convolution before it; without such a convolution it becomes a
/// `ChannelAffine`.
///
/// The folded weights are nodes of their own that depend on parameters only, so the graph stays independent of the
/// weights' values and a plan computes them once.
package struct BatchNormalizationFolding: Pass {
  private let isFrozen: @Sendable (String) -> Bool

  /// - Parameter isFrozen: whether the parameter with that name never changes; only those are folded.
  package init(isFrozen: @escaping @Sendable (String) -> Bool = { _ in true }) { self.isFrozen = isFrozen }

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    let rewritten = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      guard type(of: node.operation).name == "BatchNormalization", node.inputs.count == 5,
        let x = node.inputs[0], graph.fact(x).type == .float32, node.outputs.count == 1
      else { return nil }
      guard node.inputs.dropFirst().allSatisfy({ $0.map { isFixed($0, graph) } ?? false }) else { return nil }
      let statistics = node.inputs.dropFirst().compactMap { $0 }.map { rewriter.mapped($0) }
      let epsilon: Float
      if case .float(let value)? = node.operation.attributes["epsilon"] {
        epsilon = value
      } else {
        epsilon = 1e-5
      }
      let (scale, shift, mean, variance) = (statistics[0], statistics[1], statistics[2], statistics[3])
      if let producer = rewriter.soleProducer(of: x), let conv = producer.operation as? Conv,
        let weights = producer.inputs[1], isFixed(weights, graph)
      {
        let folded = try rewriter.emit(
          BatchNormalizedWeights(epsilon: epsilon), [rewriter.mapped(weights), scale, variance],
          name: "\(producer.name).folded_weight")
        let bias = producer.inputs.count > 2 ? producer.inputs[2].map { rewriter.mapped($0) } : nil
        let offset = try rewriter.emit(
          BatchNormalizedBias(epsilon: epsilon), [scale, shift, mean, variance, bias],
          name: "\(producer.name).folded_bias")
        let input = producer.inputs[0].map { rewriter.mapped($0) }
        return try rewriter.emit(conv, [input, folded[0], offset[0]], name: producer.name)
      }
      let ones = Tensor(repeating: Float(1), shape: graph.fact(node.inputs[1] ?? x).shape)
      let one = rewriter.constant(ones, name: "\(node.name).one")
      let factor = try rewriter.emit(
        BatchNormalizedWeights(epsilon: epsilon), [one, scale, variance], name: "\(node.name).scale")
      let offset = try rewriter.emit(
        BatchNormalizedBias(epsilon: epsilon), [scale, shift, mean, variance, nil], name: "\(node.name).shift"
      )
      return try rewriter.emit(
        ChannelAffine(), [rewriter.mapped(x), factor[0], offset[0]], name: node.name)
    }
    return try DeadNodeRemoval().run(rewritten)
  }

  private func isFixed(_ id: ValueID, _ graph: Graph) -> Bool {
    switch graph[id].source {
    case .parameter: isFrozen(graph[id].name)
    case .constant: true
    case .input, .node: false
    }
  }
}
