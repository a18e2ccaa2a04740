/// Gelu of x + bias. ONNX Runtime's BiasGelu (com.microsoft).
public enum BiasGelu: FileOperator {
  public static let name = "BiasGelu"
  public static let domain = "com.microsoft"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    try node.allowInputs(atMost: 2)
    let parts = Composition(node, in: graph)
    return [try parts.add(Gelu(), parts.biased())]
  }
}
