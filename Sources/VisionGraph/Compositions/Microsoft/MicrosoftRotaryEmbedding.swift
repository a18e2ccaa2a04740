import VisionTensor
import VisionSystem

/// Positions told by turning pairs of numbers. ONNX Runtime's RotaryEmbedding (com.microsoft).
///
/// Inputs: x N×heads×length×size or N×length×(heads·size); positions, N×length, or one number, that of the first element of each
/// sample; cosines and sines, positions×size/2.
public enum MicrosoftRotaryEmbedding: FileOperator {
  public static let name = "RotaryEmbedding"
  public static let domain = "com.microsoft"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([
      "interleaved", "is_packed_batching", "num_heads", "rotary_embedding_dim", "scale",
    ])
    try node.allowInputs(atMost: 4)
    if try node.flag("is_packed_batching") { throw node.unsupported("is_packed_batching 1") }
    guard try node.float("scale") ?? 1 == 1 else { throw node.unsupported("a scale other than 1") }
    let parts = Composition(node, in: graph)
    let x = try node.input(0)
    var positions = try node.input(1)
    guard x.shape.rank == 3 || x.shape.rank == 4, try node.input(2).shape.rank == 2 else {
      throw parts.mismatch("\(x.shape) cannot be turned by \(try node.input(2).shape)")
    }
    if positions.shape.rank <= 1 {
      let axis = x.shape.rank - 2
      let count = try parts.add(
        Squeeze(), parts.extents(of: x, from: axis, to: axis + 1), parts.integers([0]))
      let zero = graph.constant(Tensor(scalar: Int64(0)), name: "\(node.name).start")
      let one = graph.constant(Tensor(scalar: Int64(1)), name: "\(node.name).step")
      let steps = try parts.unsqueezed(parts.add(RangeOf(), zero, count, one), [0])
      positions = try parts.add(Add(), steps, parts.cast(positions, to: .int64))
    }
    var caches: [Value] = []
    for index in 2...3 { caches.append(try parts.add(Gather(), node.input(index), positions)) }
    let size = 2 * (caches[0].shape.last ?? 0)
    var heads = try node.int("num_heads") ?? 0
    if heads == 0, x.shape.rank == 3, size > 0 { heads = x.shape[2] / size }
    let turned = try node.int("rotary_embedding_dim") ?? 0
    return [
      try RotaryEmbedding.rotated(
        x, caches, heads: heads, size: turned == 0 ? size : turned,
        isInterleaved: try node.flag("interleaved"), parts)
    ]
  }
}
