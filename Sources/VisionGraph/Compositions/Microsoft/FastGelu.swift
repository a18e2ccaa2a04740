/// The approximation of Gelu with tanh, of x or x + bias. ONNX Runtime's FastGelu (com.microsoft).
public enum FastGelu: FileOperator {
  public static let name = "FastGelu"
  public static let domain = "com.microsoft"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    try node.allowInputs(atMost: 2)
    let parts = Composition(node, in: graph)
    return [try parts.add(Gelu(approximation: .tanh), parts.biased())]
  }
}
