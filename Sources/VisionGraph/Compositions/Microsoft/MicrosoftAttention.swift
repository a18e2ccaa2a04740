import VisionTensor

/// Attention of several heads with the weights that make q, k and v of one input. ONNX Runtime's Attention (com.microsoft).
///
/// Inputs: x N×length×size; weights size×(sizes of q, k and v together); optionally their bias; a mask of keys, int32; past keys and
/// values, 2×N×heads×length×size; what is added to the scores. Outputs: y N×length×(size of v); keys and values with those of
/// the past, in one tensor.
public enum MicrosoftAttention: FileOperator {
  public static let name = "Attention"
  public static let domain = "com.microsoft"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([
      "do_rotary", "mask_filter_value", "num_heads", "qkv_hidden_sizes", "scale", "unidirectional",
    ])
    try node.allowInputs(atMost: 6)
    if try node.flag("do_rotary") { throw node.unsupported("do_rotary 1") }
    let parts = Composition(node, in: graph)
    let weights = try node.input(1)
    guard let heads = try node.int("num_heads") else {
      throw GraphError(.structure, "Attention lacks num_heads", place: node.name)
    }
    guard weights.shape.rank == 2 else { throw parts.mismatch("weights \(weights.shape) are no matrix") }
    var all = try parts.add(MatMul(), node.input(0), weights)
    if let bias = node.optionalInput(2) { all = try parts.add(Add(), all, bias) }
    let sizes = try node.ints("qkv_hidden_sizes") ?? []
    let cut = sizes.isEmpty ? nil : parts.integers(sizes)
    var inputs: [Value] = []
    for part in try parts.outputs(Split(axis: 2, into: 3), [all, cut]) {
      inputs.append(try parts.heads(part, heads))
    }
    var past: Value?
    if let both = node.optionalInput(4) {
      let halves = try parts.outputs(Split(axis: 0, into: 2), [both])
      for index in 0..<2 {
        let before = try parts.add(Squeeze(), halves[index], parts.integers([0]))
        inputs[index + 1] = try parts.add(Concat(axis: 2), before, inputs[index + 1])
        if index == 0 { past = before }
      }
    }
    let masks = MicrosoftMasks(
      keyMask: node.optionalInput(3), added: node.optionalInput(5), past: past,
      isCausal: try node.flag("unidirectional"), hidden: Double(try node.float("mask_filter_value") ?? -10000)
    )
    let scale = try node.float("scale") ?? 0
    let product = ScaledDotProduct(
      scale: scale == 0 ? 1 / Float(max(inputs[0].shape[3], 1)).squareRoot() : scale)
    let bias = try masks.bias(queries: inputs[0], keys: inputs[1], parts)
    let output = try parts.joined(product.build(inputs[0], inputs[1], inputs[2], bias: bias, parts).output)
    if node.outputCount == 1 { return [output] }
    let (keys, values) = (try parts.unsqueezed(inputs[1], [0]), try parts.unsqueezed(inputs[2], [0]))
    return [output, try parts.add(Concat(axis: 0), keys, values)]
  }
}
