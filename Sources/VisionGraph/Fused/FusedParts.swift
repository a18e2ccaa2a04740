extension Graph {
  /// The operators, under their ONNX names, that a node does at once; of a plain node its own name alone.
  package func parts(of node: Node) -> [String] {
    switch node.operation {
    case let fused as FusedConv:
      var parts = [Conv.name]
      if node.inputs.count > 1, let weights = node.inputs[1],
        producer(of: weights)?.operation is BatchNormalizedWeights
      {
        parts.append(BatchNormalization.name)
      }
      if fused.hasResidual { parts.append(Add.name) }
      if let activation = fused.activation { parts.append(activation.operatorName) }
      return parts
    case let fused as ChannelAffine:
      return [BatchNormalization.name] + (fused.activation.map { [$0.operatorName] } ?? [])
    case let fused as ActivationOperator: return [fused.activation.operatorName]
    case let fused as BatchNormalizationTraining:
      return [BatchNormalization.name] + (fused.hasResidual ? [Add.name] : [])
        + (fused.clamp == nil ? [] : [Clip.name])
    case is ConvGradients: return [ConvInputGradient.name, ConvWeightGradient.name]
    default: return [type(of: node.operation).name]
    }
  }
}

extension Activation {
  /// The ONNX operator that the activation is.
  package var operatorName: String { function.code.operatorType.name }
}
