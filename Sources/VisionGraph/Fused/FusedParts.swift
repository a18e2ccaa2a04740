extension Graph {
  /// The ONNX names of the operators that a node combines; for a plain node its own name alone.
  package func parts(of node: Node) -> [String] {
    guard let fused = node.operation as? any InternalOperator else { return [type(of: node.operation).name] }
    var parts = fused.parts
    // Only the weights show that a BatchNormalization was folded into them.
    if fused is FusedConv, node.inputs.count > 1, let weights = node.inputs[1],
      producer(of: weights)?.operation is BatchNormalizedWeights
    {
      parts.insert(BatchNormalization.name, at: 1)
    }
    return parts
  }
}
