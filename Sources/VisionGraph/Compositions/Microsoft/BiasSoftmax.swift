import VisionTensor

/// Softmax of x + bias over all axes from `axis` on. ONNX Runtime's BiasSoftmax (com.microsoft).
///
/// Inputs: x; bias of the same rank, which broadcasts to x.
public enum BiasSoftmax: FileOperator {
  public static let name = "BiasSoftmax"
  public static let domain = "com.microsoft"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis", "is_inner_broadcast"])
    try node.allowInputs(atMost: 2)
    let (x, bias) = (try node.input(0), try node.input(1))
    guard x.shape.rank == bias.shape.rank, bias.shape.broadcast(with: x.shape) == x.shape else {
      throw node.unsupported("a bias \(bias.shape) that is not broadcast to \(x.shape) axis by axis")
    }
    let sum = try graph.add(Add(), x, bias, name: node.name)
    let softmax = ImportedNode(
      name: node.name, operatorName: node.operatorName, opset: 11, inputs: [sum], outputCount: 1,
      attributes: ["axis": .int(try node.int("axis") ?? 1)])
    return try Softmax.build(softmax, in: graph)
  }
}
