package import VisionGraph

/// A node of a program.
package struct ProgramNode: Sendable {
  package let name: String
  package let operatorName: String
  /// The version of the operator set of its domain.
  package let version: Int
  /// The inputs by name; absent optional ones are empty.
  package let inputs: [String]
  package let outputs: [String]
  /// The number of outputs in the file, read or not.
  let declaredOutputCount: Int
  /// The number of outputs up to the last one that is read, at least one.
  let outputCount: Int
  package let attributes: [String: AttributeValue]
  /// The graphs that the node runs, by attribute.
  package let bodies: [String: ProgramBody]
  /// What the operator is, if it is one of a graph.
  let operatorType: (any FileOperator.Type)?
  /// What the operator is, if no graph holds it.
  package let control: ControlOperator?
  /// The names of the inputs, and of what the graphs read from around them.
  package let reads: [String]

  /// - Parameter read: the names that something reads.
  init(_ node: OnnxNode, read: Set<String>, _ context: ProgramBody.Context) throws(FormatError) {
    name = node.name
    operatorName = node.operatorName
    version = node.opset ?? 1
    inputs = node.inputs
    outputs = node.outputs
    declaredOutputCount = node.declaredOutputCount
    outputCount = max((node.outputs.lastIndex { read.contains($0) } ?? 0) + 1, 1)
    switch try node.values(context.folder) {
    case .success(let values): attributes = values
    case .failure(let error): throw OnnxSupport.error([error])
    }
    control = ControlOperator(node)
    operatorType = context.operators.find(domain: node.domain, name: node.operatorName)
    reads = node.reads
    var bodies: [String: ProgramBody] = [:]
    for (name, graph) in node.graphs {
      do {
        bodies[name] = try ProgramBody(
          nodes: graph.nodes, initializers: graph.initializers, inputs: graph.inputs,
          outputs: graph.outputs, isInner: true, context)
      } catch { throw error.at(node: node.name) }
    }
    for name in control?.graphAttributes ?? [] where bodies[name] == nil {
      throw node.place.error(.corrupt, "\(operatorName) lacks its graph '\(name)'").at(node: node.name)
    }
    self.bodies = bodies
  }

  /// The form that operators read; the inputs are values of a graph under construction.
  func imported(_ inputs: [Value?]) -> ImportedNode {
    ImportedNode(
      name: name, operatorName: operatorName, opset: version, inputs: inputs, outputCount: outputCount,
      declaredOutputCount: declaredOutputCount, attributes: attributes)
  }
}
