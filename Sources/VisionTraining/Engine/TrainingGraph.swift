import VisionData
import VisionGraph
import VisionTensor

/// The graph of one training step: forward, loss, gradients and new running statistics.
struct TrainingGraph {
  /// The names that the step's graph adds.
  static let target = "target"
  static let loss = "loss"

  /// The network in training mode with its loss and gradients, for any batch.
  let graph: Graph
  /// The names of the trained parameters, in the order of the graph.
  let trained: [String]
  /// The names of the running statistics that the step updates.
  let statistics: [String]
  let prediction: String

  /// - Parameter prediction: the output that the loss reads.
  /// - Throws: `GraphError` when there is no such output, nothing to train, or no derivative.
  init(_ network: Graph, prediction: String, settings: TrainingEngine.Settings) throws(GraphError) {
    guard let value = network.outputs.first(where: { $0.name == prediction })?.value else {
      throw GraphError(
        .name, "the network has no output '\(prediction)'", place: prediction,
        remedy: "its outputs are: \(network.outputs.map(\.name).joined(separator: ", "))")
    }
    let first = GraphBuilder(extending: network)
    try first.output(prediction, first.value(value))
    let (keeps, isTrained) = (settings.keepsStatistics, settings.isTrained)
    let trainable = try first.graph.applying(
      Graph.passesBeforeDifferentiation(keepsStatistics: keeps, isTrained: isTrained))
    guard let output = trainable.outputs.first(where: { $0.name == prediction })?.value else {
      throw GraphError(.name, "the network has lost its output '\(prediction)'")
    }
    let builder = GraphBuilder(extending: trainable)
    for output in trainable.outputs { try builder.output(output.name, builder.value(output.value)) }
    let logits = builder.value(output)
    let target = try Self.target(settings, of: logits, in: builder)
    let weights = settings.classWeights.map { builder.constant(Tensor($0), name: "class weights") }
    let loss = try settings.loss.append(to: logits, target, weights)
    try builder.output(Self.loss, loss)

    let prefix = TrainingMode.updateName(of: "")
    statistics = trainable.outputs.map(\.name).filter { $0.hasPrefix(prefix) }
      .map { String($0.dropFirst(prefix.count)) }
    let renewed = Set(statistics)
    // Statistics that stay as they are have no gradient.
    let fixed = Self.fixedStatistics(trainable)
    trained = builder.graph.parameters.filter {
      $0.fact.type == .float32 && !renewed.contains($0.name) && !fixed.contains($0.name) && isTrained($0.name)
    }.map(\.name)
    guard !trained.isEmpty else {
      throw GraphError(.parameter, "there is no parameter to train", remedy: "freeze fewer layers")
    }
    graph = try builder.graph.differentiated(loss: Self.loss, withRespectTo: trained)
    self.prediction = prediction
  }

  private static func target(_ settings: TrainingEngine.Settings, of logits: Value, in builder: GraphBuilder)
    throws(GraphError) -> Value
  {
    let extents = settings.loss.targetShape?.dimensions ?? Array(logits.shape.dropFirst())
    var dimensions: [AxisLength] = [.symbolic("N")] + extents.map { .fixed($0) }
    guard settings.target == .classes else { return try builder.input(target, dimensions: dimensions) }
    if dimensions.count > 1 { dimensions.remove(at: 1) }
    return try builder.input(target, type: .int64, dimensions: dimensions)
  }

  /// The running statistics of batch normalizations that keep them.
  private static func fixedStatistics(_ graph: Graph) -> Set<String> {
    var names: Set<String> = []
    for node in graph.nodes
    where node.operation is BatchNormalization || node.operation is BatchNormalizationFixed {
      for case let input? in node.inputs[3...4] { names.insert(graph[input].name) }
    }
    return names
  }
}

extension LossOperator {
  /// Appends a loss of any type.
  fileprivate func append(to prediction: Value, _ target: Value, _ weights: Value?) throws(GraphError)
    -> Value
  {
    try prediction.graph.add(self, [prediction, target, weights], name: TrainingGraph.loss)[0]
  }
}
