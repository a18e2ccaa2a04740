import VisionSystem
import VisionTensor

/// Replaces BatchNormalization and Dropout by their forms for training.
///
/// BatchNormalization takes the statistics of the batch, and for each running statistic that is a parameter, an output
/// `update of NAME` holds its new value. Dropout drops; what, follows from the input `random keys`, int64 N×3, which is
/// there when anything is dropped: seed, epoch and sample of each row of the batch.
package struct TrainingMode: Pass {
  /// The name of the input that says what is dropped.
  package static let keysName = "random keys"

  /// The name of the output with the new value of a running statistic.
  package static func updateName(of parameter: String) -> String { "update of \(parameter)" }

  private let isFrozen: @Sendable (String) -> Bool

  /// - Parameter isFrozen: whether the BatchNormalization whose running mean has that name keeps using its running
  ///   statistics, unchanged; those whose statistics are no parameters always do.
  package init(isFrozen: @escaping @Sendable (String) -> Bool = { _ in false }) { self.isFrozen = isFrozen }

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    var updates: [Update] = []
    var keys: ValueID?
    let trained = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      switch node.operation {
      case let op as BatchNormalization:
        return try normalize(node, op, &rewriter, &updates)
      case is DropoutOperator:
        guard let ratio = try ratio(of: node, graph) else { return nil }
        if keys == nil { keys = try Self.keys(for: graph, &rewriter) }
        let dropout = DropoutTraining(site: Self.site(of: node.name))
        let share = rewriter.constant(ratio, name: "\(node.name).ratio")
        let x = node.inputs[0].map { rewriter.mapped($0) }
        return try rewriter.emit(dropout, [x, share, keys], name: node.name)
      default: return nil
      }
    }
    var result = trained
    // At the end, so that no node separates a normalization from nodes that it can be fused with. A layer
    // that is applied twice updates its statistics twice.
    var latest: [(parameter: String, value: ValueID)] = []
    for update in updates {
      let running = update.parameters.map { name, value in
        latest.first { $0.parameter == name }?.value ?? value
      }
      let shape = try result.addNode(ShapeOf(), inputs: [update.input], name: "\(update.name).shape")
      let values = try result.addNode(
        RunningStatistics(momentum: update.momentum), inputs: running + update.statistics + shape,
        name: "\(update.name).running")
      for ((name, _), value) in zip(update.parameters, values) {
        latest.removeAll { $0.parameter == name }
        latest.append((name, value))
      }
    }
    for (parameter, value) in latest { result.outputs.append((Self.updateName(of: parameter), value)) }
    return try DeadNodeRemoval().run(result)
  }

  /// The update of the running statistics of one normalization; values belong to the result.
  private struct Update {
    var name: String
    var momentum: Float
    var input: ValueID
    var parameters: [(name: String, value: ValueID)]
    var statistics: [ValueID]
  }

  private func normalize(
    _ node: Graph.Node, _ op: BatchNormalization, _ rewriter: inout GraphRewriter,
    _ updates: inout [Update]
  ) throws(GraphError) -> [ValueID]? {
    let graph = rewriter.source
    let inputs = node.inputs.compactMap { $0 }
    guard inputs.count == 5, case .parameter = graph[inputs[3]].source,
      case .parameter = graph[inputs[4]].source, !isFrozen(graph[inputs[3]].name)
    else { return nil }
    let mapped = inputs.map { rewriter.mapped($0) }
    let results = try rewriter.emit(
      BatchNormalizationTraining(epsilon: op.epsilon), Array(mapped.prefix(3)), name: node.name)
    updates.append(
      Update(
        name: node.name, momentum: op.momentum, input: mapped[0],
        parameters: Array(zip(inputs, mapped))[3...].map { (graph[$0].name, $1) },
        statistics: Array(results.dropFirst())))
    return [results[0]]
  }

  /// The fraction that a node drops; nil if it drops nothing.
  private func ratio(of node: Graph.Node, _ graph: Graph) throws(GraphError) -> Tensor? {
    guard node.inputs.count > 1, let input = node.inputs[1] else { return Tensor(scalar: Float(0.5)) }
    guard let value = graph.fact(input).value else {
      throw GraphError(
        .unsupportedFeature, "Dropout: a ratio that does not follow from constants is not supported",
        place: node.name)
    }
    let ratio = value.doubles[0]
    guard ratio >= 0, ratio <= 1 else {
      throw GraphError(.structure, "Dropout: the ratio \(ratio) is not in 0...1", place: node.name)
    }
    return ratio == 0 ? nil : value.reshaped(to: [])
  }

  /// Adds the input with the keys; its batch dimension is that of the graph's first input.
  private static func keys(for graph: Graph, _ rewriter: inout GraphRewriter) throws(GraphError) -> ValueID {
    guard let input = graph.inputs.first, case .input(let dimensions) = graph[input].source,
      let batch = dimensions.first
    else { throw GraphError(.structure, "Dropout needs an input whose first axis is the batch") }
    if graph.value(named: keysName) != nil {
      throw GraphError(.name, "the name '\(keysName)' is taken", place: keysName)
    }
    return rewriter.input(
      keysName, type: .int64, dimensions: [batch, .fixed(3)], shape: [graph.fact(input).shape[0], 3])
  }

  /// The node's name hashed to 32 bits.
  private static func site(of name: String) -> UInt32 {
    let hash = Initializer.stream(of: name)
    return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
  }
}
