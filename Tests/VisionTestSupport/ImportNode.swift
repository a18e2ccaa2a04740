public import VisionGraph
public import VisionTensor

/// The results of an ONNX node as `Op.build` reads it, its inputs constants.
///
/// - Throws: `GraphError` for what is refused.
public func importNode<Op: FileOperator>(
  _: Op.Type, opset: Int, _ inputs: [Tensor?], _ attributes: [String: AttributeValue] = [:],
  outputCount: Int = 1
) throws(GraphError) -> [Tensor] {
  let builder = GraphBuilder()
  let values = inputs.map { $0.map { builder.constant($0) } }
  let node = ImportedNode(
    name: "node", operatorName: Op.name, opset: opset, inputs: values, outputCount: outputCount,
    attributes: attributes)
  for (index, output) in try Op.build(node, in: builder).enumerated() {
    try builder.output("y\(index)", output)
  }
  let graph = builder.graph
  let results = try Interpreter(graph, parameters: Parameters()).run([:])
  return graph.outputs.compactMap { results[$0.name] }
}

/// The kind of the `GraphError` with which `body` fails, or nil.
public func graphErrorKind<Result>(_ body: () throws -> Result) -> GraphError.Kind? {
  do {
    _ = try body()
    return nil
  } catch { return (error as? GraphError)?.kind }
}
