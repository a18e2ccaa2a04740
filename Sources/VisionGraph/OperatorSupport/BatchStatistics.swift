import VisionTensor

/// BatchNormalization in training, as nodes: the batch's statistics normalize it and move the running ones.
struct BatchStatistics {
  private let normalization: BatchNormalization

  init(_ normalization: BatchNormalization) { self.normalization = normalization }

  /// Results: y; new running mean and variance; and before opset 14 the mean and variance of the batch.
  func build(_ parts: Composition) throws(GraphError) -> [Value] {
    let node = parts.node
    let (x, old) = (try node.input(0), [try node.input(3), try node.input(4)])
    guard x.shape.rank >= 2 else { throw parts.mismatch("input \(x.shape) must have at least 2 axes: N×C") }
    // Types of statistics may differ from that of x from opset 15 on.
    let others = [x, try node.input(1), try node.input(2)] + old
    let type =
      others.contains { $0.fact.type != x.fact.type } && x.fact.type != .float64 ? .float32 : x.fact.type
    var inputs: [Value] = []
    for input in others { inputs.append(try parts.cast(input, to: type)) }
    let values = inputs[0]
    let axes = [0] + (2..<x.shape.rank)
    let mean = try parts.add(ReduceMean(axes: axes), values)
    let centered = try parts.add(Sub(), values, mean)
    let squares = try parts.add(Mul(), centered, centered)
    let variance = try parts.add(ReduceMean(axes: axes, keepsDimensions: false), squares)
    let flat = try parts.add(ReduceMean(axes: axes, keepsDimensions: false), values)
    let y = try parts.outputs(normalization, [values, inputs[1], inputs[2], flat, variance])[0]
    var results = [try parts.cast(y, to: x.fact.type)]
    for (index, new) in [flat, variance].enumerated() {
      let kept = try parts.add(Mul(), inputs[3 + index], parts.scalar(Double(normalization.momentum), type))
      let share = try parts.add(Mul(), new, parts.scalar(1 - Double(normalization.momentum), type))
      results.append(try parts.cast(parts.add(Add(), kept, share), to: old[index].fact.type))
    }
    return node.opset < 14 ? results + [flat, variance] : results
  }
}
