import VisionTensor

/// What ONNX Runtime's attention operators (com.microsoft) add to scores.
struct MicrosoftMasks {
  /// int32: N×T or N×S×T, 0 for keys that are not seen; or N, the numbers of keys that are.
  var keyMask: Value?
  /// Added to the scores, broadcast to N×heads×S×T.
  var added: Value?
  /// Past keys, on axis 2.
  var past: Value?
  var isCausal: Bool
  /// What is added where a key is not seen.
  var hidden: Double

  func bias(queries: Value, keys: Value, _ parts: Composition) throws(GraphError) -> Value? {
    let type = queries.fact.type
    var terms: [Value] = []
    if let keyMask {
      switch keyMask.shape.rank {
      case 1:
        guard keyMask.shape[0] == queries.shape[0] else {
          throw parts.node.unsupported("a mask \(keyMask.shape) with first and last keys")
        }
        terms.append(try parts.lengthBias(keyMask, keys: keys, hidden: hidden, type))
      case 2, 3:
        let seen = try parts.cast(keyMask, to: .bool)
        let axes = keyMask.shape.rank == 2 ? [1, 2] : [1]
        terms.append(try parts.bias(where: parts.unsqueezed(seen, axes), otherwise: hidden, type))
      default: throw parts.node.unsupported("a mask \(keyMask.shape)")
      }
    }
    if isCausal {
      let before = try past.map { (past) throws(GraphError) in try parts.extents(of: past, from: 2, to: 3) }
      terms.append(
        try parts.causalBias(queries: queries, keys: keys, past: before, hidden: hidden, type))
    }
    if let added { terms.append(added) }
    var sum = terms.first
    for term in terms.dropFirst() { sum = try parts.add(Add(), sum, term) }
    return sum
  }
}
