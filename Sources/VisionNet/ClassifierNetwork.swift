import VisionGraph
import VisionImage
import VisionModel
import VisionRuntime
import VisionTensor

/// A model's graph seen as a classifier: one picture in, one number a class out.
final class ClassifierNetwork: Sendable {
  /// What can be asked for.
  enum Output: Hashable, Sendable { case probabilities, logits, embedding }

  /// K.
  let classes: Int
  /// The batch size that the file prescribes, nil if it is open.
  let fixedBatch: Int?
  let hasEmbedding: Bool

  private let graphs: [Output: Graph]
  private let parameters: Parameters
  private let precision: ComputePrecision
  /// What plans have packed.
  let weights: WeightStore

  private struct PlanKey: Hashable {
    let batch: Int
    let output: Output
  }
  private let plans = Locked<[PlanKey: Plan]>([:])

  /// - Parameters:
  ///   - weights: where plans keep packed weights.
  ///   - precision: what plans multiply.
  init(
    _ model: Model, preprocessing: Preprocessing, weights: WeightStore, precision: ComputePrecision
  ) throws(GraphError) {
    self.weights = weights
    self.precision = precision
    let graph = model.graph
    guard graph.inputs.count == 1, case .input(let dimensions) = graph[graph.inputs[0]].source else {
      throw GraphError(.input, "a classifier has one input, this network has \(graph.inputs.count)")
    }
    let input = graph.fact(graph.inputs[0])
    let wanted = [preprocessing.channels.count, preprocessing.height, preprocessing.width]
    guard input.type == .float32, input.shape.rank == 4 else {
      throw GraphError(.input, "a classifier takes float32 N×C×H×W, this network takes \(input)")
    }
    guard Array(input.shape.dimensions.dropFirst()) == wanted else {
      throw GraphError(
        .input, "the network takes \(input.shape), but the preprocessing gives N×\(Shape(wanted))",
        remedy: "give a preprocessing of the network's size")
    }
    if case .fixed(let batch) = dimensions[0] { fixedBatch = batch } else { fixedBatch = nil }
    let probabilities = try Self.probabilities(graph, batch: input.shape[0])
    classes = probabilities.classes
    var graphs = [Output.probabilities: probabilities.graph, .logits: probabilities.logits]
    if let name = model.embedding, let value = graph.value(named: name) {
      graphs[.embedding] = try Self.graph(graph, giving: value)
    }
    hasEmbedding = graphs[.embedding] != nil
    self.graphs = graphs
    self.parameters = model.parameters
  }

  /// The plan for a batch size, made once.
  func plan(batch: Int, _ output: Output) throws(GraphError) -> Plan {
    let key = PlanKey(batch: batch, output: output)
    if let plan = plans.withLock({ $0[key] }) { return plan }
    guard let graph = graphs[output] else { throw GraphError(.name, "the model names no embedding") }
    let plan = try Plan(
      graph.bound(batch: batch), parameters: parameters, weights: weights, precision: precision)
    return plans.withLock { plans in
      plans[key] = plans[key] ?? plan
      return plans[key] ?? plan
    }
  }

  /// Finds or makes probabilities and logits: the outputs of those names, the only output, or the only one N×K.
  private static func probabilities(_ graph: Graph, batch: Int) throws(GraphError) -> (
    graph: Graph, logits: Graph, classes: Int
  ) {
    let named =
      graph.outputs.first { $0.name == "probabilities" } ?? graph.outputs.first { $0.name == "logits" }
    guard let output = named ?? graph.outputs.first else {
      throw GraphError(.structure, "the network has no output")
    }
    if named == nil && graph.outputs.count > 1 {
      throw GraphError(
        .structure, "the network has \(graph.outputs.count) outputs, none called 'probabilities' or 'logits'")
    }
    let fact = graph.fact(output.value)
    let classes = fact.shape.elementCount / max(batch, 1)
    guard fact.type == .float32, fact.shape.first == batch, fact.shape.rank >= 2, fact.shape[1] == classes,
      classes > 0
    else {
      throw GraphError(
        .shape, "a classifier gives float32 N×K, this network gives \(fact)", place: output.name)
    }
    // Through views, so that softmax followed by a reshape counts as probabilities.
    var producer = graph.producer(of: output.value)
    while let node = producer,
      ["Reshape", "Flatten", "Squeeze", "Identity"].contains(type(of: node.operation).name),
      let input = node.inputs.first ?? nil
    {
      producer = graph.producer(of: input)
    }
    let isSoftmax = producer.map { $0.operation is Softmax } ?? false
    if isSoftmax {
      let logits: Graph
      if let value = graph.outputs.first(where: { $0.name == "logits" })?.value {
        logits = try Self.graph(graph, giving: value)
      } else {
        logits = try Self.graph(graph, giving: output.value) { (builder, value) throws(GraphError) in
          try builder.add(Log(), value, name: "log_probabilities")
        }
      }
      return (try Self.graph(graph, giving: output.value), logits, classes)
    }
    let probabilities = try Self.graph(graph, giving: output.value) { (builder, value) throws(GraphError) in
      try builder.add(Softmax(axis: 1), value, name: "probabilities")
    }
    return (probabilities, try Self.graph(graph, giving: output.value), classes)
  }

  /// The graph with one output: `value`, or what `extend` makes of it.
  private static func graph(
    _ graph: Graph, giving value: ValueID,
    _ extend: (GraphBuilder, Value) throws(GraphError) -> Value = { (_, value) throws(GraphError) in value }
  ) throws(GraphError) -> Graph {
    let builder = GraphBuilder(extending: graph)
    let last = try extend(builder, builder.value(value))
    try builder.output("result", last)
    return try DeadNodeRemoval().run(builder.graph)
  }
}
