import VisionTensor

/// Attention of several heads. ONNX Runtime's MultiHeadAttention (com.microsoft), with q, k and v apart.
///
/// Inputs: q, k and v, N×length×(heads·size); optionally a bias of all three; a mask of keys, int32, N×length or the number of keys of
/// each sample; what is added to the scores; past keys and values, N×heads×length×size. Outputs: y in the form of q; keys and values
/// with those of the past.
public enum MultiHeadAttention: FileOperator {
  public static let name = "MultiHeadAttention"
  public static let domain = "com.microsoft"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["mask_filter_value", "num_heads", "scale", "unidirectional"])
    try node.allowInputs(atMost: 8)
    let parts = Composition(node, in: graph)
    guard let heads = try node.int("num_heads") else {
      throw GraphError(.structure, "MultiHeadAttention lacks num_heads", place: node.name)
    }
    guard let key = node.optionalInput(1), let value = node.optionalInput(2), key.shape.rank == 3 else {
      throw node.unsupported("q, k and v in one tensor")
    }
    var inputs = [try node.input(0), key, value]
    if let bias = node.optionalInput(3) {
      let sizes = parts.integers(inputs.map { $0.shape.last ?? 0 })
      let biases = try parts.outputs(Split(axis: 0, into: 3), [bias, sizes])
      for index in 0..<3 { inputs[index] = try parts.add(Add(), inputs[index], biases[index]) }
    }
    for index in 0..<3 { inputs[index] = try parts.heads(inputs[index], heads) }
    let past = node.optionalInput(6)
    for (index, input) in [(1, past), (2, node.optionalInput(7))] {
      if let input { inputs[index] = try parts.add(Concat(axis: 2), input, inputs[index]) }
    }
    let masks = MicrosoftMasks(
      keyMask: node.optionalInput(4), added: node.optionalInput(5), past: past,
      isCausal: try node.flag("unidirectional"), hidden: Double(try node.float("mask_filter_value") ?? -10000)
    )
    let size = inputs[0].shape[3]
    let scale = try node.float("scale") ?? 0
    let product = ScaledDotProduct(scale: scale == 0 ? 1 / Float(max(size, 1)).squareRoot() : scale)
    let bias = try masks.bias(queries: inputs[0], keys: inputs[1], parts)
    let output = try product.build(inputs[0], inputs[1], inputs[2], bias: bias, parts).output
    return [try parts.joined(output), inputs[1], inputs[2]]
  }
}
