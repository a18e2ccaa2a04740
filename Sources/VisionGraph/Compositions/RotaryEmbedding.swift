import VisionTensor

/// Positions told by turning pairs of numbers. ONNX RotaryEmbedding, opset 23. Source: Su et al. 2021.
///
/// Inputs: x N×heads×length×size or N×length×(heads·size); cosines and sines, positions×size/2 with position numbers N×length, or
/// N×length×size/2 without.
public enum RotaryEmbedding: FileOperator {
  public static let name = "RotaryEmbedding"
  public static let introduction = 23

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["interleaved", "num_heads", "rotary_embedding_dim"])
    try node.allowInputs(atMost: 4)
    let parts = Composition(node, in: graph)
    let x = try node.input(0)
    var caches = [try node.input(1), try node.input(2)]
    if let positions = node.optionalInput(3) {
      for index in caches.indices { caches[index] = try parts.add(Gather(), caches[index], positions) }
    }
    return [
      try rotated(
        x, caches, heads: try node.int("num_heads") ?? 0, size: try node.int("rotary_embedding_dim") ?? 0,
        isInterleaved: try node.flag("interleaved"), parts)
    ]
  }

  /// - Parameters:
  ///   - caches: cosines and sines, N×length×size/2 or what broadcasts to it.
  ///   - heads: needed where x has three axes.
  ///   - size: how many numbers of a head are turned; 0 for all.
  static func rotated(
    _ x: Value, _ caches: [Value], heads: Int, size: Int, isInterleaved: Bool, _ parts: Composition
  ) throws(GraphError) -> Value {
    var four = x
    if x.shape.rank == 3 {
      guard heads > 0, x.shape[2] % heads == 0 else {
        throw parts.mismatch("\(x.shape) does not fall into \(heads) heads")
      }
      four = try parts.reshaped(x, [0, 0, heads, -1])
    }
    guard four.shape.rank == 4, caches.allSatisfy({ $0.shape.rank == 3 }) else {
      throw parts.mismatch("\(x.shape) cannot be turned by \(caches[0].shape) and \(caches[1].shape)")
    }
    let axis = x.shape.rank == 3 ? 2 : 1
    let rotation = Rotation(isInterleaved: isInterleaved, size: size == 0 ? four.shape[3] : size)
    let turned = try rotation.build(
      four, cosines: parts.unsqueezed(caches[0], [axis]), sines: parts.unsqueezed(caches[1], [axis]), parts)
    return x.shape.rank == 3 ? try parts.reshaped(turned, [0, 0, -1]) : turned
  }
}
