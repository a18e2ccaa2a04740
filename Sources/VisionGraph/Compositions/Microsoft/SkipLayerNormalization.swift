import VisionTensor

/// LayerNormalization of a sum. ONNX Runtime's SkipLayerNormalization (com.microsoft).
///
/// Inputs: x, skip, scale; optionally bias of the normalization and a bias that is added to x. Outputs: y; mean and inverse standard
/// deviation, which training reads; the sum.
public enum SkipLayerNormalization: FileOperator {
  public static let name = "SkipLayerNormalization"
  public static let domain = "com.microsoft"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["epsilon"])
    try node.allowInputs(atMost: 5)
    let parts = Composition(node, in: graph)
    let sum = try parts.skipSum(bias: node.optionalInput(4))
    let op = LayerNormalization(epsilon: try node.float("epsilon") ?? 1e-12)
    let y = try parts.add(op, sum, node.input(2), node.optionalInput(3))
    if node.outputCount == 1 { return [y] }
    return [y] + (try op.statistics(of: sum, parts)) + [sum]
  }
}

extension Composition {
  /// The sum of a node's first two inputs and a bias.
  func skipSum(bias: Value?) throws(GraphError) -> Value {
    let (x, skip) = (try node.input(0), try node.input(1))
    guard skip.shape.broadcast(with: x.shape) == x.shape else {
      throw mismatch("\(skip.shape) does not broadcast to \(x.shape)")
    }
    let sum = try add(Add(), x, skip)
    return try bias.map { (bias) throws(GraphError) in try add(Add(), sum, bias) } ?? sum
  }
}
