extension Graph {
  /// The operators, under their ONNX names, that a node does at once; of a plain node its own name alone.
  package func parts(of node: Node) -> [String] {
    guard let fused = node.operation as? any InternalOperator else { return [type(of: node.operation).name] }
    var parts = fused.parts
    // Only the weights show that a BatchNormalization is folded into them.
    if fused is FusedConv, node.inputs.count > 1, let weights = node.inputs[1],
      producer(of: weights)?.operation is BatchNormalizedWeights
    {
      parts.insert(BatchNormalization.name, at: 1)
    }
    return parts
  }
}
