import VisionGraph
import VisionTensor

extension Model {
  /// This model with an embedding N×E, as needed for training on other classes.
  ///
  /// The value is `name`, or else the embedding that the model names, or else the one that `HeadFinder`
  /// finds. A feature map N×E×H×W is averaged over its positions. A batch size fixed by the file is opened if
  /// nothing depends on it.
  ///
  /// - Parameter name: the name of a value or node in the file.
  /// - Returns: the model, and notes on everything that was chosen automatically.
  /// - Throws: `FormatError` when there is no such value, it does not have one row per image, or none can be
  ///   found.
  package func describing(by name: String? = nil) throws(FormatError) -> (model: Model, notes: [String]) {
    if name == nil, embedding != nil { return (self, []) }
    var notes: [String] = []
    let value: ValueID
    if let name {
      value = try self.value(called: name)
    } else {
      let head = try HeadFinder(graph).head(answer: scores)
      value = head.embedding
      notes.append(
        "the last layer is \(head.operatorName) '\(head.node)', \(head.features) → \(head.classes); "
          + "'\(graph[value].name)', which enters it, describes an image")
    }
    let graph = graph.openingBatch() ?? graph
    let fact = graph.fact(value)
    let (rank, shape) = (fact.shape.rank, fact.shape)
    let input = graph.inputs.first.map { graph.fact($0).shape.first } ?? nil
    guard fact.type.isFloatingPoint, rank >= 2, shape.first == input, shape.elementCount > 0 else {
      throw Self.refusal(graph[value].name, fact)
    }
    let places = shape.dimensions.dropFirst().filter { $0 > 1 }.count
    guard places <= 1 || rank == 4 else { throw Self.refusal(graph[value].name, fact) }
    var model = self
    do throws(GraphError) {
      let builder = GraphBuilder(extending: graph)
      var result = builder.value(value)
      if places > 1 {
        notes.append("'\(graph[value].name)' is \(shape): its mean over the places is taken")
        result = try builder.add(GlobalAveragePool(), result, name: "embedding/mean")
      }
      if rank > 2 { result = try builder.add(Flatten(), result, name: "embedding/flat") }
      if fact.type != .float32 {
        result = try builder.add(Cast(to: .float32), result, name: "embedding/float")
      }
      for output in graph.outputs { try builder.output(output.name, builder.value(output.value)) }
      model.graph = builder.graph
      model.embedding = builder.graph[result.id].name
    } catch { throw FormatError(.network, error.message, node: error.place, remedy: error.remedy) }
    // The metadata refers to the file's original classes.
    model.metadata = []
    return (model, notes)
  }

  /// The value with this name in the file, or else in the graph.
  private func value(called name: String) throws(FormatError) -> ValueID {
    if let value = graph.fileNames[name] { return value }
    if let value = graph.value(named: name) { return value }
    throw FormatError(
      .network, "the network has no value '\(name)'",
      remedy: "give a name as a viewer of ONNX files shows it, of a value or of a node")
  }

  private static func refusal(_ name: String, _ fact: Fact) -> FormatError {
    FormatError(
      .network, "the value '\(name)' is \(fact), not one list of numbers for each image",
      remedy: "give the name of a value N×E, or of a feature map N×E×H×W")
  }
}
