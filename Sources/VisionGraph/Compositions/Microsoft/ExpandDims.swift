import VisionTensor

/// x with an axis of extent 1 inserted. ONNX Runtime's ExpandDims (com.microsoft).
///
/// Inputs: x; the axis, one number that follows from constants.
public enum ExpandDims: FileOperator {
  public static let name = "ExpandDims"
  public static let domain = "com.microsoft"
  public static let constantInputs: Set = [1]

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    try node.allowInputs(atMost: 2)
    let parts = Composition(node, in: graph)
    let axis = try parts.reshaped(node.input(1), [1])
    return [try parts.add(Unsqueeze(), node.input(0), parts.cast(axis, to: .int64))]
  }
}
