import VisionTensor

/// activation(conv(x, w) + b + z). ONNX Runtime's FusedConv (com.microsoft).
///
/// Inputs: as Conv has them, and optionally z of the result's shape.
public enum MicrosoftFusedConv: FileOperator {
  public static let name = "FusedConv"
  public static let domain = "com.microsoft"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([
      "activation", "activation_params", "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides",
    ])
    try node.allowInputs(atMost: 4)
    let parts = Composition(node, in: graph)
    let w = try node.input(1)
    let window = try Window(node, kernel: Array(w.shape.dimensions.dropFirst(2)))
    let conv = Conv(window: window, groups: try node.int("group") ?? 1)
    var y = try parts.add(conv, node.input(0), w, node.optionalInput(2))
    if let z = node.optionalInput(3) { y = try parts.add(Add(), y, z) }
    let name = try node.string("activation") ?? ""
    return [try parts.activated(y, by: name, node.floats("activation_params") ?? [])]
  }
}
