import VisionGraph
import VisionTensor

extension Model {
  /// This model with a value N×E that describes an image, as training for other classes wants it.
  ///
  /// The value is `name`, or else the one that the model names, or else what `HeadFinder` finds. Where it has places,
  /// N×E×H×W, its mean over them is taken. A number of images that the file fixes is left open where nothing counts on it.
  ///
  /// - Parameter name: of a value or a node, as the file calls it.
  /// - Returns: the model, and what was done where that was not said by anybody.
  /// - Throws: `FormatError` when there is no such value, it does not describe one image a row, or none can be found.
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
    // Of the classes that the file was made for.
    model.metadata = []
    return (model, notes)
  }

  /// The value that the file, or else the graph, calls so.
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
