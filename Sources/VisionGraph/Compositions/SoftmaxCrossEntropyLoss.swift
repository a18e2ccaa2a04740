import VisionTensor

/// The loss of scores against classes: NegativeLogLikelihoodLoss of the logarithm of their softmax. ONNX SoftmaxCrossEntropyLoss, opsets
/// 12 and 13.
///
/// Inputs: scores N×C×…, classes N×…, optional weights C. Outputs: the loss, and the logarithms of the probabilities.
public enum SoftmaxCrossEntropyLoss: FileOperator {
  public static let name = "SoftmaxCrossEntropyLoss"

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["ignore_index", "reduction"])
    try node.allowInputs(atMost: 3)
    let parts = Composition(node, in: graph)
    let logarithms = try parts.add(LogSoftmax(axis: 1), node.input(0))
    let loss = try parts.add(
      NegativeLogLikelihoodLoss(node), logarithms, node.input(1), node.optionalInput(2))
    return [loss, logarithms]
  }
}
