public import VisionGraph
public import VisionLayers
public import VisionModel
import VisionInference
import VisionSystem
import VisionTensor

/// The network that a task's head is appended to.
public enum StartingNetwork: Sendable {
  /// Layers with random weights that compute an embedding N×E from the task's input.
  case layers(any Layer)
  /// A trained network whose signature names its embedding, and perhaps weights for the task's own layers, of which those are
  /// used that have the names and shapes of the new ones.
  case pretrained(Model, head: Parameters? = nil)

  /// A network that has the task's own layers already, and names them as its head.
  ///
  /// The trained model keeps its other entries, such as labels and provenance. Of a pretrained network, earlier
  /// blocks learn more slowly.
  case complete(Model, isPretrained: Bool)

  /// The network with the head of `task`.
  ///
  /// - Throws: `GraphError` where head and network do not fit together.
  func network<Task: TrainableTask>(for task: Task, seed: UInt64) throws(GraphError) -> PreparedNetwork {
    if case .complete(let model, let isPretrained) = self {
      guard let head = model.head else {
        throw GraphError(.name, "the model names no last layer", place: model.provenance?.name)
      }
      return PreparedNetwork(
        graph: model.graph, parameters: model.parameters, embedding: model.embedding, head: head,
        isPretrained: isPretrained, model: model)
    }
    let (builder, features) = try body(for: task)
    let outputs = try builder.scope(Task.headPath) { () throws(GraphError) in try task.head(on: features) }
    let embedding = features.embedding.map { builder.graph[$0.id].name }
    let role = task.objective.output
    guard let value = outputs[role] else {
      throw GraphError(.structure, "the head of the task '\(Task.name)' has no output for the \(role.name)")
    }
    try builder.output(role.name, value)
    for role in task.outputs where role != task.objective.output {
      if let value = outputs[role] { try builder.output(role.name, value) }
    }
    let graph = builder.graph
    var network = PreparedNetwork(
      graph: graph, parameters: graph.initialParameters(seed: seed), embedding: embedding,
      head: Task.headPath, isPretrained: false)
    if case .pretrained(let model, let head) = self {
      network.isPretrained = true
      for (name, tensor) in head ?? Parameters() where network.parameters[name]?.shape == tensor.shape {
        network.parameters[name] = tensor
      }
      for (name, tensor) in model.parameters
      where network.parameters[name] != nil && !name.hasPrefix("\(Task.headPath).") {
        network.parameters[name] = tensor
      }
    }
    return network
  }

  /// A graph up to the features of the task's head, to which nodes can be added.
  private func body<Task: TrainableTask>(for task: Task) throws(GraphError) -> (GraphBuilder, FeatureLevels) {
    switch self {
    case .layers(let layers):
      let specs = task.input.specs
      guard let spec = specs.first, specs.count == 1 else {
        throw GraphError(.structure, "layers take one input, and the task '\(Task.name)' has \(specs.count)")
      }
      let builder = GraphBuilder()
      let input = try builder.input(
        spec.name, type: spec.type, dimensions: [.symbolic("N")] + spec.bounds.map { .fixed($0) })
      let embedding = try layers(input)
      if task.strides.isEmpty { return (builder, FeatureLevels(embedding: embedding)) }
      return try builder.graph.features(strides: task.strides, sides: Array(spec.bounds.dropFirst()))
    case .pretrained(let model, _), .complete(let model, _):
      if !task.strides.isEmpty, let sides = task.input.specs.first?.bounds.dropFirst() {
        return try model.graph.features(strides: task.strides, sides: Array(sides))
      }
      guard let name = model.signature.value(of: .embedding), let whole = model.graph.value(named: name)
      else {
        throw GraphError(.name, "the model names no embedding", place: model.provenance?.name)
      }
      let (builder, values) = try model.graph.cut(to: [whole])
      return (builder, FeatureLevels(embedding: values[0]))
    }
  }
}
