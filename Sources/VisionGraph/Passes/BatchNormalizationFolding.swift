import VisionSystem
import VisionTensor

/// Folds BatchNormalization into the convolution before it; without such a convolution it becomes a
/// `ChannelAffine`.
///
/// The folded weights are nodes of their own that depend on parameters only, so the graph stays independent of the
/// weights' values and a plan computes them once.
package struct BatchNormalizationFolding: Pass {
  private let isFrozen: @Sendable (String) -> Bool
  private let foldsThroughConcatenations: Bool

  /// - Parameters:
  ///   - isFrozen: whether the parameter with that name never changes; only those are folded.
  ///   - foldsThroughConcatenations: whether a concatenation of convolutions may stand between; the statistics are then split.
  package init(
    foldsThroughConcatenations: Bool = false, isFrozen: @escaping @Sendable (String) -> Bool = { _ in true }
  ) {
    self.isFrozen = isFrozen
    self.foldsThroughConcatenations = foldsThroughConcatenations
  }

  /// Values of the result.
  private struct Normalization {
    let scale, shift, mean, variance: ValueID
    let epsilon: Float

    var statistics: [ValueID] { [scale, shift, mean, variance] }
  }

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
      let normalization = Normalization(
        scale: statistics[0], shift: statistics[1], mean: statistics[2], variance: statistics[3],
        epsilon: epsilon)
      if let producer = rewriter.soleProducer(of: x),
        let folded = try fold(normalization, into: producer, graph, &rewriter)
      {
        return folded
      }
      if foldsThroughConcatenations, let concat = rewriter.soleProducer(of: x),
        let folded = try fold(normalization, before: concat, graph, &rewriter)
      {
        return folded
      }
      let ones = Tensor(repeating: Float(1), shape: graph.fact(node.inputs[1] ?? x).shape)
      let one = rewriter.constant(ones, name: "\(node.name).one")
      let factor = try rewriter.emit(
        BatchNormalizedWeights(epsilon: epsilon), [one, normalization.scale, normalization.variance],
        name: "\(node.name).scale")
      let offset = try rewriter.emit(
        BatchNormalizedBias(epsilon: epsilon), normalization.statistics + [nil], name: "\(node.name).shift")
      return try rewriter.emit(
        ChannelAffine(), [rewriter.mapped(x), factor[0], offset[0]], name: node.name)
    }
    return try DeadNodeRemoval().run(rewritten)
  }

  /// The outputs of a convolution with a normalization folded in; nil if the producer is none with fixed weights.
  private func fold(
    _ normalization: Normalization, into producer: Graph.Node, _ graph: Graph, _ rewriter: inout GraphRewriter
  ) throws(GraphError) -> [ValueID]? {
    guard let conv = producer.operation as? Conv, let weights = producer.inputs[1], isFixed(weights, graph)
    else { return nil }
    let folded = try rewriter.emit(
      BatchNormalizedWeights(epsilon: normalization.epsilon),
      [rewriter.mapped(weights), normalization.scale, normalization.variance],
      name: "\(producer.name).folded_weight")
    let bias = producer.inputs.count > 2 ? producer.inputs[2].map { rewriter.mapped($0) } : nil
    let offset = try rewriter.emit(
      BatchNormalizedBias(epsilon: normalization.epsilon), normalization.statistics + [bias],
      name: "\(producer.name).folded_bias")
    let input = producer.inputs[0].map { rewriter.mapped($0) }
    return try rewriter.emit(conv, [input, folded[0], offset[0]], name: producer.name)
  }

  /// The outputs of a concatenation of convolutions with a normalization folded into each; nil if it is another.
  private func fold(
    _ normalization: Normalization, before concat: Graph.Node, _ graph: Graph,
    _ rewriter: inout GraphRewriter
  ) throws(GraphError) -> [ValueID]? {
    guard let producers = rewriter.concatenatedConvolutions(concat),
      producers.allSatisfy({ $0.inputs[1].map { isFixed($0, graph) } ?? false })
    else { return nil }
    let sizes = rewriter.constant(
      Tensor(producers.map { Int64(graph.fact($0.outputs[0]).shape[1]) }), name: "\(concat.name).channels")
    var parts = [[ValueID]](repeating: [], count: producers.count)
    for (index, vector) in normalization.statistics.enumerated() {
      let split = try rewriter.emit(
        Split(axis: 0, into: producers.count), [vector, sizes], name: "\(concat.name).statistics \(index)")
      for part in parts.indices { parts[part].append(split[part]) }
    }
    var results: [ValueID?] = []
    for (producer, part) in zip(producers, parts) {
      let own = Normalization(
        scale: part[0], shift: part[1], mean: part[2], variance: part[3], epsilon: normalization.epsilon)
      results += try fold(own, into: producer, graph, &rewriter) ?? []
    }
    return try rewriter.emit(concat.operation, results, name: concat.name)
  }

  private func isFixed(_ id: ValueID, _ graph: Graph) -> Bool {
    switch graph[id].source {
    case .parameter: isFrozen(graph[id].name)
    case .constant: true
    case .input, .node: false
    }
  }
}
