import VisionTensor

/// RMSNormalization under the name that ONNX Runtime's optimizer writes into ONNX's own domain.
///
/// Inputs: x and scale. Outputs: y, and optionally 1 / √(mean square + ε).
public enum SimplifiedLayerNormalization: FileOperator {
  public static let name = "SimplifiedLayerNormalization"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis", "epsilon", "stash_type"])
    try node.allowInputs(atMost: 2)
    let parts = Composition(node, in: graph)
    let op = RMSNormalization(axis: try node.int("axis") ?? -1, epsilon: try node.float("epsilon") ?? 1e-5)
    let x = try node.input(0)
    let y = try parts.add(op, x, node.input(1))
    return node.outputCount == 1 ? [y] : [y, try op.inverseDeviation(of: x, parts)]
  }
}
