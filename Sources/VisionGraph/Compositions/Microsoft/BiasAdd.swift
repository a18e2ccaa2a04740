/// x + bias + skip. ONNX Runtime's BiasAdd (com.microsoft).
///
/// Inputs: x N×S×C, bias C, skip of the shape of x.
public enum BiasAdd: FileOperator {
  public static let name = "BiasAdd"
  public static let domain = "com.microsoft"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    try node.allowInputs(atMost: 3)
    let parts = Composition(node, in: graph)
    return [try parts.add(Add(), parts.biased(), node.input(2))]
  }
}
