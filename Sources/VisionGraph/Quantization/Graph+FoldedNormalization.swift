import VisionTensor

extension Graph {
  /// The network for inference: without Dropout, and with each BatchNormalization folded into the convolution
  /// before it or replaced by a multiplication and an addition. The folded weights are parameters.
  ///
  /// - Throws: `GraphError` when weights are missing or do not fit.
  package func foldingNormalization(_ parameters: Parameters) throws(GraphError) -> (Graph, Parameters) {
    try check(parameters)
    let folded = try applying([IdentityRemoval(), BatchNormalizationFolding()])
    var made = Parameters()
    func tensor(_ id: ValueID?) -> Tensor? {
      guard let id else { return nil }
      switch folded[id].source {
      case .parameter: return parameters[folded[id].name]
      case .constant(let tensor): return tensor
      case .node: return made[folded[id].name]
      case .input: return nil
      }
    }
    let graph = try GraphRewriter.rewrite(folded) { (node, rewriter) throws(GraphError) in
      switch node.operation {
      case is BatchNormalizedWeights, is BatchNormalizedBias:
        let inputs = node.inputs.map { tensor($0) }
        let result: Tensor
        do throws(EvaluationError) {
          result = try node.operation.evaluate(inputs)[0]
        } catch { throw GraphError(.evaluation, error.message, place: node.name) }
        made[node.name] = result
        return [rewriter.parameter(node.name, result)]
      case is ChannelAffine:
        guard let x = node.inputs[0], let scale = tensor(node.inputs[1]), let shift = tensor(node.inputs[2])
        else { return nil }
        let spatial = folded.fact(x).shape.rank - 2
        let shape = Shape([scale.elementCount] + [Int](repeating: 1, count: spatial))
        let names = ["\(node.name).factor", "\(node.name).offset"]
        (made[names[0]], made[names[1]]) = (scale.reshaped(to: shape), shift.reshaped(to: shape))
        let factor = rewriter.parameter(names[0], scale.reshaped(to: shape))
        let offset = rewriter.parameter(names[1], shift.reshaped(to: shape))
        let product = try rewriter.emit(Mul(), [rewriter.mapped(x), factor], name: "\(node.name).scaled")
        return try rewriter.emit(Add(), [product[0], offset], name: node.name)
      default: return nil
      }
    }
    let live = try DeadNodeRemoval().run(graph)
    var kept = Parameters()
    for (_, name, _, _) in live.parameters { kept[name] = made[name] ?? parameters[name] }
    return (live, kept)
  }
}
