import VisionSystem

extension Graph {
  /// The graph with one more output, by which a value in between can be looked at; a name that is an output already changes nothing.
  ///
  /// ```swift
  /// let plan = try Plan(model.graph.exposing("/features/Relu_output_0"), parameters: model.parameters)
  /// ```
  ///
  /// - Parameter name: what the file that the graph was read from calls the value, as viewers show it, or the name of a node, whose
  ///   first output is meant, of a parameter or of an input. The output is called so, too.
  /// - Throws: `GraphError` with code `name` when there is no such value.
  public func exposing(_ name: String) throws(GraphError) -> Graph {
    guard !outputs.contains(where: { $0.name == name }) else { return self }
    guard let value = fileNames[name] ?? value(named: name) else {
      let near = NearestNames.of(name, in: values.map(\.name) + fileNames.keys.sorted())
      throw GraphError(
        .name, "the network has no value '\(NearestNames.printable(name))'",
        remedy: near.isEmpty ? nil : "did you mean \(near[0])?")
    }
    var graph = self
    graph.outputs.append((name, value))
    return graph
  }
}
