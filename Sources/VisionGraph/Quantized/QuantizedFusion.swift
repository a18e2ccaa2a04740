import VisionTensor

/// Makes operators between DequantizeLinear and QuantizeLinear operators on bytes, so that a quantized network computes in
/// integers from one end to the other. What does not fit stays as it is and computes in floating point.
package struct QuantizedFusion: Pass {
  package init() {}

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    guard graph.nodes.contains(where: { $0.operation is DequantizeLinear }) else { return graph }
    let graph = try UnsignedActivations().run(graph)
    let fused = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      let pattern = QuantizedPattern(graph, rewriter)
      if node.operation is QuantizeLinear { return try bytes(node, pattern, &rewriter) }
      // Products whose result stays in floating point.
      guard let product = pattern.product(of: node), product.isTop(node) else { return nil }
      return try emit(product, nil, name: node.name, &rewriter)
    }
    let live = try DeadNodeRemoval().run(fused)
    return try DeadNodeRemoval().run(addResiduals(live))
  }

  /// Replaces the operators that lead to a QuantizeLinear; nil if the pattern is not supported.
  private func bytes(_ node: Graph.Node, _ pattern: QuantizedPattern, _ rewriter: inout GraphRewriter)
    throws(GraphError) -> [ValueID]?
  {
    guard let y = pattern.bytes(of: node), let x = node.inputs[0] else { return nil }
    if let table = try table(node, x, pattern, &rewriter) { return table }
    guard let (source, clamp) = pattern.clamped(x) else { return nil }
    if let product = pattern.product(of: source, clamp: clamp) {
      return try emit(product, y, name: source.name, &rewriter)
    }
    let operands = source.inputs.map { $0.flatMap { pattern.dequantized($0) } }
    switch source.operation {
    case is Add:
      guard operands.count == 2, let a = operands[0], let b = operands[1],
        pattern.graph.fact(a.value).shape == pattern.graph.fact(b.value).shape
      else { return nil }
      let inputs = (a.inputs + b.inputs + y.parameters).map { rewriter.mapped($0) }
      return try rewriter.emit(QuantizedAdd(clamp: clamp), inputs, name: source.name)
    case is Mul:
      guard operands.count == 2, clamp == nil, let a = operands[0], let b = operands[1],
        let order = order(pattern.graph.fact(a.value).shape, pattern.graph.fact(b.value).shape)
      else { return nil }
      let factors = order == 0 ? a.inputs + b.inputs : b.inputs + a.inputs
      return try rewriter.emit(
        QuantizedMul(), (factors + y.parameters).map { rewriter.mapped($0) }, name: source.name)
    case is GlobalAveragePool:
      guard let a = operands[0], clamp == nil else { return nil }
      let inputs = (a.inputs + y.parameters).map { rewriter.mapped($0) }
      let op = QuantizedGlobalAveragePool()
      guard
        (try? op.outputs(
          a.inputs.map { pattern.graph.fact($0) } + y.parameters.map { pattern.graph.fact($0) })) != nil
      else { return nil }
      return try rewriter.emit(op, inputs, name: source.name)
    default: return try move(source, operands, y, clamp, of: node, pattern, &rewriter)
    }
  }

  /// A function of one byte as its table; nil where the value is none, or is the byte's own.
  private func table(
    _ node: Graph.Node, _ x: ValueID, _ pattern: QuantizedPattern, _ rewriter: inout GraphRewriter
  ) throws(GraphError) -> [ValueID]? {
    // The farthest bytes, since what lies between is then not computed.
    guard let function = ByteFunction.all(of: x, pattern).last, let table = function.table(node, pattern)
    else { return nil }
    let entries = rewriter.constant(table, name: "\(node.name).table")
    return try rewriter.emit(QuantizedTable(), [rewriter.mapped(function.source), entries], name: node.name)
  }

  /// Which of two factors has the shape of their product: 0 or 1; nil where neither fits.
  private func order(_ a: Shape, _ b: Shape) -> Int? {
    QuantizedMul.fits(a, b) ? 0 : QuantizedMul.fits(b, a) ? 1 : nil
  }

  /// An operator that only selects or moves elements works on bytes; those of another quantization than the result's are converted
  /// by a table first.
  private func move(
    _ source: Graph.Node, _ operands: [QuantizedPattern.Bytes?], _ y: QuantizedPattern.Bytes, _ clamp: Clamp?,
    of node: Graph.Node, _ pattern: QuantizedPattern, _ rewriter: inout GraphRewriter
  ) throws(GraphError) -> [ValueID]? {
    let facts = source.inputs.map { $0.map { pattern.graph.fact($0) } }
    guard clamp == nil, source.outputs.count == 1, facts.first??.type == .float32,
      source.operation.byteRole(facts, isFixed: { _ in false }) == .moving,
      source.inputs.indices.allSatisfy({ facts[$0]?.type != .float32 || operands[$0] != nil })
    else { return nil }
    var inputs: [ValueID?] = []
    for (index, input) in source.inputs.enumerated() {
      guard facts[index]?.type == .float32, let bytes = operands[index] else {
        inputs.append(input.map { rewriter.mapped($0) })
        continue
      }
      var value = rewriter.mapped(bytes.value)
      if bytes.quantization != y.quantization {
        guard let input, let function = ByteFunction.all(of: input, pattern).first,
          let table = function.table(node, pattern)
        else { return nil }
        let entries = rewriter.constant(table, name: "\(node.name).\(index).table")
        value = try rewriter.emit(QuantizedTable(), [value, entries], name: "\(node.name).\(index)")[0]
      }
      inputs.append(value)
    }
    return try rewriter.emit(source.operation, inputs, name: source.name)
  }

  private func emit(
    _ product: QuantizedPattern.Product, _ y: QuantizedPattern.Bytes?, name: String,
    _ rewriter: inout GraphRewriter
  ) throws(GraphError) -> [ValueID] {
    var inputs: [ValueID?] = (product.x.inputs + [product.weights, product.weightScales]).map {
      rewriter.mapped($0)
    }
    inputs.append(product.bias.map { rewriter.mapped($0) })
    if let shifted = product.shifted {
      inputs[inputs.count - 3] = rewriter.constant(shifted, name: "\(name).shifted.weights")
    }
    if let coarser = product.coarser {
      let first = inputs.count - 3
      inputs[first] = rewriter.constant(coarser.weights, name: "\(name).coarser.weights")
      inputs[first + 1] = rewriter.constant(coarser.scales, name: "\(name).coarser.scales")
      inputs[first + 2] = rewriter.constant(coarser.bias, name: "\(name).coarser.bias")
    }
    if let y { inputs += y.parameters.map { rewriter.mapped($0) } }
    switch product.kind {
    case .conv(let conv):
      return try rewriter.emit(
        QuantizedConv(conv, clamp: product.clamp, givesFloats: y == nil), inputs, name: name)
    case .dense(let transposes):
      return try rewriter.emit(
        QuantizedDense(transposesWeights: transposes, clamp: product.clamp, givesFloats: y == nil), inputs,
        name: name)
    }
  }

  /// Fuses a sum into a convolution whose bytes only the sum reads.
  private func addResiduals(_ graph: Graph) throws(GraphError) -> Graph {
    try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      guard let sum = node.operation as? QuantizedAdd else { return nil }
      // The later of two convolutions, because the other operand has been computed by then.
      let candidates = [0, 3].compactMap { position -> (position: Int, node: Graph.Node)? in
        guard let producer = rewriter.soleProducer(of: node.inputs[position]),
          let conv = producer.operation as? QuantizedConv, !conv.hasResidual
        else { return nil }
        return (position, producer)
      }
      guard let best = candidates.max(by: { $0.node.outputs[0] < $1.node.outputs[0] }),
        var op = best.node.operation as? QuantizedConv
      else { return nil }
      op.hasResidual = true
      op.sumClamp = sum.clamp
      let other = 3 - best.position
      let inputs = best.node.inputs + node.inputs[other..<(other + 3)] + node.inputs[6...]
      return try rewriter.emit(op, inputs.map { $0.map { rewriter.mapped($0) } }, name: best.node.name)
    }
  }
}
