import VisionGraph
import VisionTensor

extension Graph {
  /// The graph bound to a batch size, or unchanged where its file fixes the batch size.
  func opened(batch: Int) throws(GraphError) -> Graph {
    guard inputs.count == 1, case .input(let dimensions) = self[inputs[0]].source,
      case .symbolic? = dimensions.first
    else { return self }
    return try bound(batch: batch)
  }

  /// The operand of the softmax or sigmoid that computes an output, or else the output itself: one number per
  /// class.
  func logits(behind output: ValueID) -> ValueID {
    // The result of the softmax may be reshaped.
    var value = output
    while let node = producer(of: value), let input = node.inputs.first ?? nil {
      switch node.operation {
      case is Softmax, is LogSoftmax, is Sigmoid: return input
      case is Reshape, is Flatten, is Squeeze, is Unsqueeze, is Identity, is DropoutOperator, is Cast:
        value = input
      default: return output
      }
    }
    return output
  }

  /// The last value before `logits` that has spatial extents: N×C×H×W with H · W above 1. This is the
  /// network's input when there is no other.
  func lastFeatureMap(before logits: ValueID) throws(GraphError) -> ValueID {
    var isNeeded = [Bool](repeating: false, count: values.count)
    isNeeded[logits.index] = true
    for node in nodes.reversed() where node.outputs.contains(where: { isNeeded[$0.index] }) {
      for case let input? in node.inputs { isNeeded[input.index] = true }
    }
    var depends = [Bool](repeating: false, count: values.count)
    for input in inputs { depends[input.index] = true }
    for node in nodes where node.inputs.contains(where: { $0.map { depends[$0.index] } ?? false }) {
      for output in node.outputs { depends[output.index] = true }
    }
    let batch = fact(inputs[0]).shape.first
    func hasPlaces(_ id: ValueID) -> Bool {
      let fact = fact(id)
      return fact.type == .float32 && fact.shape.rank == 4 && fact.shape[0] == batch
        && fact.shape[2] * fact.shape[3] > 1
    }
    for node in nodes.reversed() {
      guard let output = node.outputs.first, isNeeded[output.index], depends[output.index], hasPlaces(output)
      else { continue }
      // After a transposition the axes have other meanings, so take its input.
      if node.operation is Transpose, let input = node.inputs.first ?? nil, hasPlaces(input) { return input }
      return output
    }
    guard let input = inputs.first, isNeeded[input.index], hasPlaces(input) else {
      throw GraphError(
        .structure, "the network has no feature map, so there are no places to show",
        remedy: "explain with a convolutional network")
    }
    return input
  }
}
