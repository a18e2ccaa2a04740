/// x · sigmoid(α · x). ONNX Runtime's QuickGelu (com.microsoft).
public enum QuickGelu: FileOperator {
  public static let name = "QuickGelu"
  public static let domain = "com.microsoft"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["alpha"])
    try node.allowInputs(atMost: 1)
    return [try graph.add(Swish(alpha: node.float("alpha") ?? 1.702), node.input(0), name: node.name)]
  }
}
