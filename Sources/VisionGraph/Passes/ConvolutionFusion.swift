import VisionTensor

/// Fuses a convolution, the addition of a residual and an activation into one node.
///
/// A residual is fused when it has the convolution's shape, whether the activation follows (ResNet) or not (MobileNet).
package struct ConvolutionFusion: Pass {
  package init() {}

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    let wrapped = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      guard let conv = node.operation as? Conv, graph.fact(node.outputs[0]).type == .float32 else {
        return nil
      }
      let inputs = node.inputs.map { $0.map { rewriter.mapped($0) } }
      return try rewriter.emit(FusedConv(conv), inputs, name: node.name)
    }
    let added = try GraphRewriter.rewrite(wrapped) { (node, rewriter) throws(GraphError) in
      guard node.operation is Add, node.inputs.count == 2 else { return nil }
      // The later of two convolutions takes the sum, because the other operand has been computed by then.
      let candidates = [0, 1].compactMap { index -> (index: Int, node: Graph.Node, order: ValueID)? in
        guard let producer = rewriter.soleProducer(of: node.inputs[index]),
          let fused = producer.operation as? FusedConv, fused.activation == nil, !fused.hasResidual
        else { return nil }
        return (index, producer, producer.outputs[0])
      }
      guard let best = candidates.max(by: { $0.order < $1.order }),
        let fused = best.node.operation as? FusedConv,
        let other = node.inputs[1 - best.index],
        wrapped.fact(other).shape == wrapped.fact(best.node.outputs[0]).shape
      else { return nil }
      var inputs = best.node.inputs.map { $0.map { rewriter.mapped($0) } }
      while inputs.count < 3 { inputs.append(nil) }
      inputs.append(rewriter.mapped(other))
      var result = fused
      result.hasResidual = true
      return try rewriter.emit(result, inputs, name: best.node.name)
    }
    let clean = try DeadNodeRemoval().run(added)
    let activated = try GraphRewriter.rewrite(clean) { (node, rewriter) throws(GraphError) in
      guard let producer = rewriter.soleProducer(of: node.inputs.first ?? nil), node.outputs.count == 1,
        let activation = node.operation.elementFunction(node.inputs.map { $0.map { clean.fact($0) } }),
        // SiLU comes as an ActivationOperator, from x · sigmoid(x).
        activation.isFusible || node.operation is ActivationOperator,
        clean.fact(node.outputs[0]).type == .float32
      else { return nil }
      let inputs = producer.inputs.map { $0.map { rewriter.mapped($0) } }
      switch producer.operation {
      case var fused as FusedConv where fused.activation == nil:
        fused.activation = activation
        return try rewriter.emit(fused, inputs, name: producer.name)
      case var affine as ChannelAffine where affine.activation == nil:
        affine.activation = activation
        return try rewriter.emit(affine, inputs, name: producer.name)
      default: return nil
      }
    }
    return try DeadNodeRemoval().run(activated)
  }
}
