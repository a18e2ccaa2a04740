/// FusedMatMul under the name that ONNX Runtime gave it first (com.microsoft).
public enum TransposeMatMul: FileOperator {
  public static let name = "TransposeMatMul"
  public static let domain = "com.microsoft"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["alpha", "transA", "transB"])
    return try FusedMatMul.build(node, in: graph)
  }
}
