/// An operator of ONNX Runtime's domain that means what ONNX's own operator of the same name means in opset 17, or
/// in the one that introduced it.
public enum Microsoft<Meaning: FileOperator>: FileOperator {
  public static var name: String { Meaning.name }
  public static var domain: String { "com.microsoft" }
  public static var constantInputs: Set<Int> { Meaning.constantInputs }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try Meaning.build(
      ImportedNode(
        name: node.name, operatorName: node.operatorName, opset: 17, inputs: node.inputs,
        outputCount: node.outputCount, declaredOutputCount: node.declaredOutputCount,
        attributes: node.attributes), in: graph)
  }
}
