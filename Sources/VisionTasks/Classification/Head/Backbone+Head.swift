public import VisionSystem
public import VisionInference
public import VisionModel
import VisionGraph
import VisionLayers
import VisionTensor

extension Backbone {
  /// The whole classifier with another last layer; all layers before it, including dropout and batch
  /// normalization, stay as they are.
  ///
  /// - Parameters:
  ///   - head: the new last layer, with E features and K classes.
  ///   - labels: the names of the K classes.
  ///   - calibration: the temperature of the probabilities, and the threshold.
  /// - Throws: `TrainingError` when the head does not fit.
  public func model(
    with head: LinearHead, labels: [String], calibration: Calibration, provenance: Model.Provenance?
  ) throws(TrainingError) -> Model {
    guard head.features == featureCount, head.classes == labels.count else {
      throw TrainingError(
        .network,
        "a head of \(head.features) features and \(head.classes) classes for \(featureCount) features "
          + "and \(labels.count) labels")
    }
    do throws(GraphError) {
      let (body, last) = try bodyBeforeHead()
      let builder = GraphBuilder(extending: body)
      guard let value = body.value(named: last) else {
        throw GraphError(.name, "the network has lost the value '\(last)'")
      }
      let path = headPath(in: body)
      let logits = try builder.scope(path) { () throws(GraphError) in
        try Dense(head.classes)(builder.value(value))
      }
      try builder.output(OutputRole.logits.name, logits)
      let graph = try builder.graph.withProbabilities(temperature: Float(calibration.temperature))
      var parameters = Parameters()
      for (_, name, _, _) in graph.parameters { parameters[name] = model.parameters[name] }
      parameters["\(path).weight"] = Tensor(head.weights, shape: [head.classes, head.features])
      parameters["\(path).bias"] = Tensor(head.biases)
      return Model(
        graph: graph, parameters: parameters, labels: labels, preprocessing: preprocessing,
        embedding: model.embedding, head: path, threshold: calibration.threshold, provenance: provenance,
        metadata: model.metadata)
    } catch { throw TrainingError(error) }
  }

  /// The graph up to the input of the last layer (the embedding, or dropout after it), and its name.
  private func bodyBeforeHead() throws(GraphError) -> (Graph, String) {
    let whole = model.graph
    guard let name = model.embedding, var value = whole.value(named: name) else {
      throw GraphError(.name, "the model names no embedding")
    }
    while let node = whole.nodes.first(where: { $0.inputs.first == value && $0.operation is DropoutOperator }
    ),
      let output = node.outputs.first
    {
      value = output
    }
    let builder = GraphBuilder(extending: whole)
    try builder.output("body", builder.value(value))
    return (try DeadNodeRemoval().run(builder.graph), whole[value].name)
  }

  /// The path of the last layer: the model's own, with underscores appended if the body uses the name.
  private func headPath(in body: Graph) -> String {
    let names = Set(body.values.map(\.name) + body.nodes.map(\.name))
    var path = model.head ?? "head"
    while names.contains(path) || names.contains("\(path).weight") || names.contains("\(path).bias") {
      path += "_"
    }
    return path
  }
}
