import VisionTensor

/// GroupNormalization with an optional SiLU. ONNX Runtime's GroupNorm (com.microsoft).
///
/// Inputs: x N×H×W×C, or N×C×H×W for `channels_last` 0; scale and bias C.
public enum GroupNorm: FileOperator {
  public static let name = "GroupNorm"
  public static let domain = "com.microsoft"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["activation", "channels_last", "epsilon", "groups"])
    try node.allowInputs(atMost: 3)
    let parts = Composition(node, in: graph)
    guard let groups = try node.int("groups") else {
      throw GraphError(.structure, "GroupNorm lacks groups", place: node.name)
    }
    let isLast = try node.flag("channels_last", default: true)
    let type = try node.input(0).fact.type
    var x = try node.input(0)
    guard x.shape.rank == 4 else { throw parts.mismatch("\(x.shape) is no image") }
    if isLast { x = try parts.add(Transpose([0, 3, 1, 2]), x) }
    let wide: ElementType = type == .float64 ? .float64 : .float32
    let op = GroupNormalization(groups: groups, epsilon: try node.float("epsilon") ?? 1e-5)
    var y = try parts.add(
      op, parts.cast(x, to: wide), parts.cast(node.input(1), to: wide), parts.cast(node.input(2), to: wide))
    switch try node.int("activation") ?? 0 {
    case 0: break
    case 1: y = try parts.add(Swish(), y)
    case let code: throw node.unsupported("activation \(code)")
    }
    y = try parts.cast(y, to: type)
    return [isLast ? try parts.add(Transpose([0, 2, 3, 1]), y) : y]
  }
}
