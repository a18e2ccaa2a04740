import VisionTensor

/// Scaled dot-product attention with masks, a cache of keys and values, and shared heads. ONNX Attention, opsets 23 and 24.
///
/// Inputs: q, k and v, N×heads×length×size or N×length×(heads·size); optionally a mask, Boolean or added, past keys and values, and
/// the number of keys of each sample that are no padding. Outputs: y in the form of q, keys and values with those of the past, and
/// the scores.
public enum Attention: FileOperator {
  public static let name = "Attention"
  public static let introduction = 23

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([
      "is_causal", "kv_num_heads", "q_num_heads", "qk_matmul_output_mode", "scale", "softcap",
      "softmax_precision",
    ])
    try node.allowInputs(atMost: node.opset < 24 ? 6 : 7)
    let parts = Composition(node, in: graph)
    var (q, k, v) = (try node.input(0), try node.input(1), try node.input(2))
    let isFlat = q.shape.rank == 3
    if isFlat {
      guard let heads = try node.int("q_num_heads"), let shared = try node.int("kv_num_heads") else {
        throw GraphError(.structure, "Attention lacks the number of heads", place: node.name)
      }
      (q, k, v) = (try parts.heads(q, heads), try parts.heads(k, shared), try parts.heads(v, shared))
    }
    guard q.shape.rank == 4, k.shape.rank == 4, v.shape.rank == 4, q.fact.type.isFloatingPoint else {
      throw parts.mismatch("\(q.fact), \(k.fact) and \(v.fact) have no heads")
    }
    let past = node.optionalInput(4)
    if let past { k = try parts.add(Concat(axis: 2), past, k) }
    if let past = node.optionalInput(5) { v = try parts.add(Concat(axis: 2), past, v) }
    let bias = try bias(q, k, past: past, parts)
    let results = try product(node, headSize: q.shape[3]).build(q, k, v, bias: bias, parts)
    let output = isFlat ? try parts.joined(results.output) : results.output
    if node.outputCount < 4 { return [output, k, v] }
    return [output, k, v, try scores(results, hasBias: bias != nil, node)]
  }

  private static func product(_ node: ImportedNode, headSize: Int) throws(GraphError) -> ScaledDotProduct {
    var precision: ElementType?
    if let number = try node.int("softmax_precision") {
      guard let type = ElementType(onnx: number), type.isFloatingPoint else {
        throw node.unsupported("softmax_precision \(ElementType.onnxName(number))")
      }
      precision = type
    }
    let scale = try node.float("scale") ?? 1 / Float(max(headSize, 1)).squareRoot()
    return ScaledDotProduct(scale: scale, softcap: try node.float("softcap") ?? 0, precision: precision)
  }

  /// The scores that a node gives. ONNX 1.20 redefined what modes 1 and 2 mean, without a new version: what they give with a cap is
  /// refused, and else as before.
  private static func scores(_ results: ScaledDotProduct.Results, hasBias: Bool, _ node: ImportedNode)
    throws(GraphError) -> Value
  {
    let isCapped = try node.float("softcap") ?? 0 > 0
    switch try node.int("qk_matmul_output_mode") ?? 0 {
    case 0: return results.scores
    case 1 where !isCapped, 2 where !(isCapped && hasBias): return results.biased
    case 3: return results.weights
    case let mode: throw node.unsupported("qk_matmul_output_mode \(mode) with softcap")
    }
  }

  /// What is added to the scores: mask, causality and padding together.
  private static func bias(_ q: Value, _ k: Value, past: Value?, _ parts: Composition) throws(GraphError)
    -> Value?
  {
    let (node, type) = (parts.node, q.fact.type)
    var terms: [Value] = []
    if let mask = node.optionalInput(3) {
      let added =
        mask.fact.type == .bool
        ? try parts.bias(where: mask, otherwise: -.infinity, type) : try parts.cast(mask, to: type)
      terms.append(node.opset < 24 ? added : try lengthened(added, to: k, parts))
    }
    if try node.flag("is_causal") {
      let before = try past.map { (past) throws(GraphError) in try parts.extents(of: past, from: 2, to: 3) }
      terms.append(try parts.causalBias(queries: q, keys: k, past: before, type))
    }
    if let lengths = node.optionalInput(6) {
      // How keys and queries are aligned then has changed between versions of ONNX, too.
      if try node.flag("is_causal") { throw node.unsupported("is_causal with nonpad_kv_seqlen") }
      terms.append(try parts.lengthBias(lengths, keys: k, type))
    }
    var sum = terms.first
    for term in terms.dropFirst() { sum = try parts.add(Add(), sum, term) }
    return sum
  }

  /// The mask with −∞ for the keys that it does not reach.
  private static func lengthened(_ mask: Value, to k: Value, _ parts: Composition) throws(GraphError) -> Value
  {
    let rank = mask.shape.rank
    guard rank > 0 else { return mask }
    let missing = try parts.add(
      Sub(), parts.extents(of: k, from: 2, to: 3), parts.extents(of: mask, from: rank - 1))
    let pads = try parts.add(
      Concat(axis: 0), parts.integers([Int](repeating: 0, count: 2 * rank - 1)), missing)
    return try parts.add(Pad(), mask, pads, parts.scalar(-.infinity, mask.fact.type))
  }
}
