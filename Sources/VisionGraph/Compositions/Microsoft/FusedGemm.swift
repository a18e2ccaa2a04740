import VisionTensor

/// activation(α · a′ · b′ + β · c). ONNX Runtime's FusedGemm (com.microsoft).
public enum FusedGemm: FileOperator {
  public static let name = "FusedGemm"
  public static let domain = "com.microsoft"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    let parameters = ["activation_alpha", "activation_beta", "activation_gamma"]
    try node.allowAttributes(Set(["activation", "alpha", "beta", "transA", "transB"] + parameters))
    try node.allowInputs(atMost: 3)
    let parts = Composition(node, in: graph)
    let gemm = Gemm(
      alpha: try node.float("alpha") ?? 1, beta: try node.float("beta") ?? 1,
      transposesA: try node.flag("transA"),
      transposesB: try node.flag("transB"))
    let y = try parts.add(gemm, node.input(0), node.input(1), node.optionalInput(2))
    var given: [Float] = []
    for name in parameters { if let value = try node.float(name) { given.append(value) } }
    return [try parts.activated(y, by: node.string("activation") ?? "", given)]
  }
}
