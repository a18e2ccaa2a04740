/// The first half of x + bias times Gelu of the second. ONNX Runtime's BiasSplitGelu (com.microsoft).
///
/// Inputs: x N×S×C, bias C. Output: N×S×C/2.
public enum BiasSplitGelu: FileOperator {
  public static let name = "BiasSplitGelu"
  public static let domain = "com.microsoft"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    try node.allowInputs(atMost: 2)
    let parts = Composition(node, in: graph)
    let halves = try parts.outputs(Split(axis: -1, into: 2), [parts.biased()])
    return [try parts.add(Mul(), halves[0], parts.add(Gelu(), halves[1]))]
  }
}
