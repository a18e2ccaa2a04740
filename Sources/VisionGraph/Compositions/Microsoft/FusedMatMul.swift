import VisionTensor

/// α · a′ · b′ with the rules of MatMul, where a′ and b′ are a and b with axes exchanged. ONNX Runtime's FusedMatMul (com.microsoft).
public enum FusedMatMul: FileOperator {
  public static let name = "FusedMatMul"
  public static let domain = "com.microsoft"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["alpha", "transA", "transB", "transBatchA", "transBatchB"])
    try node.allowInputs(atMost: 2)
    let parts = Composition(node, in: graph)
    var factors: [Value] = []
    for (index, side) in ["A", "B"].enumerated() {
      let x = try node.input(index)
      let order = order(
        of: x.shape.rank, movesFirst: try node.flag("transBatch\(side)"), swaps: try node.flag("trans\(side)")
      )
      factors.append(
        order.map { $0 == Array(0..<x.shape.rank) } ?? true ? x : try parts.add(Transpose(order), x))
    }
    let product = try parts.add(MatMul(), factors[0], factors[1])
    let alpha = try node.float("alpha") ?? 1
    if alpha == 1 { return [product] }
    return [try parts.add(Mul(), product, parts.scalar(Double(alpha), product.fact.type))]
  }

  /// The axes of a factor: the first one before the last if it moves, then the last two exchanged if they are; nil for a vector.
  private static func order(of rank: Int, movesFirst: Bool, swaps: Bool) -> [Int]? {
    guard rank >= 2 else { return nil }
    var order = Array(0..<rank)
    if movesFirst { order = Array(1..<(rank - 1)) + [0, rank - 1] }
    if swaps { order.swapAt(rank - 2, rank - 1) }
    return order
  }
}
