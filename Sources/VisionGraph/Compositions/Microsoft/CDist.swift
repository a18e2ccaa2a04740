import VisionTensor

/// Distances of the rows of two matrices. ONNX Runtime's CDist (com.microsoft).
///
/// Inputs: a M×K and b N×K. Output: M×N.
public enum CDist: FileOperator {
  public static let name = "CDist"
  public static let domain = "com.microsoft"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["metric"])
    try node.allowInputs(atMost: 2)
    let parts = Composition(node, in: graph)
    let metric = try node.string("metric") ?? "sqeuclidean"
    guard ["euclidean", "sqeuclidean"].contains(metric) else { throw node.unsupported("metric '\(metric)'") }
    let (a, b) = (try node.input(0), try node.input(1))
    guard a.shape.rank == 2, b.shape.rank == 2, a.shape[1] == b.shape[1] else {
      throw parts.mismatch("\(a.shape) and \(b.shape) have no rows of one length")
    }
    let differences = try parts.add(Sub(), parts.unsqueezed(a, [1]), parts.unsqueezed(b, [0]))
    let squares = try parts.add(ReduceSumSquare(axes: [2], keepsDimensions: false), differences)
    return [metric == "euclidean" ? try parts.add(Sqrt(), squares) : squares]
  }
}
