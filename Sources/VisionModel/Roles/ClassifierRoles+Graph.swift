package import VisionGraph
import VisionSystem
import VisionTensor

extension ClassifierRoles {
  /// The results that can be requested from a classifier.
  package enum Answer: Hashable, Sendable {
    /// N×K.
    case probabilities
    /// N×K, from which softmax, or sigmoid if an image may have several classes, would give the
    /// probabilities.
    case logits
  }

  /// A graph with the answer, float32 N×K, as its first output, `result`. If the interpretation has to be
  /// checked against the network's numbers, these are its second output, `scores`, N×`scores`.
  ///
  /// - Parameter graph: the graph in which the roles were found, for any batch size.
  package func graph(_ graph: Graph, giving answer: Answer) throws(GraphError) -> Graph {
    let builder = GraphBuilder(extending: graph)
    if answer == .logits, reading == .probabilities, let logits = graph.output(of: .logits) {
      try builder.output("result", flat(builder.value(logits.value), in: builder))
      return try DeadNodeRemoval().run(builder.graph)
    }
    let numbers = try flat(builder.value(output.value), in: builder)
    let result = answer == .probabilities ? try probabilities(numbers) : try logits(numbers)
    try builder.output("result", result)
    if answer == .probabilities, needsScores { try builder.output("scores", numbers) }
    return try DeadNodeRemoval().run(builder.graph)
  }

  /// Whether the network's numbers have to be examined in addition to the probabilities.
  package var needsScores: Bool {
    switch reading {
    case .logits, .independentLogits, .positiveLogit: true
    case .probabilities, .logProbabilities, .independent, .positive: false
    }
  }

  /// The value as float32 N×K, whatever the type and axes of the output.
  private func flat(_ value: Value, in builder: GraphBuilder) throws(GraphError) -> Value {
    var value = value
    if value.shape.rank != 2 || value.shape[1] != scores {
      let shape = builder.constant(Tensor([-1, Int64(scores)]), name: "shape of the classes")
      value = try builder.add(Reshape(), value, shape, name: "classes")
    }
    if value.fact.type != .float32 {
      value = try builder.add(Cast(to: .float32), value, name: "classes as float32")
    }
    return value
  }

  private func probabilities(_ numbers: Value) throws(GraphError) -> Value {
    let builder = numbers.graph
    switch reading {
    case .probabilities, .independent: return numbers
    case .logits: return try builder.add(Softmax(axis: 1), numbers, name: "probabilities")
    case .logProbabilities: return try builder.add(Exp(), numbers, name: "probabilities")
    case .independentLogits: return try builder.add(Sigmoid(), numbers, name: "probabilities")
    case .positive: return try both(numbers)
    case .positiveLogit: return try both(builder.add(Sigmoid(), numbers, name: "probability"))
    }
  }

  /// The probabilities 1 − p and p.
  private func both(_ p: Value) throws(GraphError) -> Value {
    let builder = p.graph
    let one = builder.constant(Tensor(scalar: Float(1)), name: "one")
    let other = try builder.add(Sub(), one, p, name: "probability of the first class")
    return try builder.add(Concat(axis: 1), [other, p], name: "probabilities")[0]
  }

  private func logits(_ numbers: Value) throws(GraphError) -> Value {
    let builder = numbers.graph
    switch reading {
    case .logits, .logProbabilities, .independentLogits: return numbers
    case .probabilities: return try builder.add(Log(), numbers, name: "log_probabilities")
    case .independent:
      let one = builder.constant(Tensor(scalar: Float(1)), name: "one")
      let others = try builder.add(Log(), builder.add(Sub(), one, numbers), name: "log_others")
      return try builder.add(Sub(), builder.add(Log(), numbers), others, name: "log_odds")
    case .positive, .positiveLogit:
      return try builder.add(Log(), probabilities(numbers), name: "log_probabilities")
    }
  }
}
