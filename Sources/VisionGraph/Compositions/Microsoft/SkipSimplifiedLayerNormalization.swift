import VisionTensor

/// RMSNormalization of a sum. ONNX Runtime's SkipSimplifiedLayerNormalization (com.microsoft).
///
/// Inputs: x, skip, scale; optionally a bias that is added to x. Outputs: y; the mean; the inverse of the root
/// mean square; the sum.
public enum SkipSimplifiedLayerNormalization: FileOperator {
  public static let name = "SkipSimplifiedLayerNormalization"
  public static let domain = "com.microsoft"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["epsilon"])
    try node.allowInputs(atMost: 4)
    let parts = Composition(node, in: graph)
    let sum = try parts.skipSum(bias: node.optionalInput(3))
    let op = RMSNormalization(epsilon: try node.float("epsilon") ?? 1e-12)
    let y = try parts.add(op, sum, node.input(2))
    if node.outputCount == 1 { return [y] }
    let mean = try parts.add(ReduceMean(axes: [-1]), sum)
    return [y, mean, try op.inverseDeviation(of: sum, parts), sum]
  }
}
