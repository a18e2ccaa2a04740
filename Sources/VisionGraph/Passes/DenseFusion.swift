import VisionTensor

/// Fuses a dense layer, its bias, the addition of a residual and an activation into one node. Comes after what looks for
/// products, such as `BFloat16Operands`.
package struct DenseFusion: Pass {
  package init() {}

  /// What becomes one node.
  private struct Match {
    var operation = FusedDense()
    var inputs: [ValueID?] = []
    var name = ""
  }

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    let search = Search(graph)
    var matches: [ValueID: Match] = [:]
    var claimed = Set<ValueID>()
    // Later nodes first, so that each takes all that comes before it.
    for node in graph.nodes.reversed() {
      guard let result = node.outputs.first, !claimed.contains(result),
        let (match, inner) = search.match(at: node)
      else { continue }
      matches[result] = match
      claimed.formUnion(inner)
    }
    if matches.isEmpty { return graph }
    let fused = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      guard let match = matches[node.outputs[0]] else { return nil }
      let inputs = match.inputs.map { $0.map { rewriter.mapped($0) } }
      return try rewriter.emit(match.operation, inputs, name: match.name)
    }
    return try DeadNodeRemoval().run(fused)
  }

  /// Looks upstream from a node.
  private struct Search {
    let graph: Graph
    let useCounts: [Int]
    let isConstant: [Bool]

    init(_ graph: Graph) {
      self.graph = graph
      useCounts = graph.useCounts
      isConstant = graph.dependsOnWeightsAlone
    }

    /// The layer that ends at a node, and the values within it; nil where nothing follows the product.
    func match(at last: Graph.Node) -> (Match, inner: [ValueID])? {
      guard last.outputs.count == 1, graph.fact(last.outputs[0]).type == .float32 else { return nil }
      var match = Match()
      var inner: [ValueID] = []
      var node = last
      if let function = node.operation.elementFunction(node.inputs.map { $0.map { graph.fact($0) } }),
        let (value, producer) = soleProducer(of: node.inputs.first ?? nil)
      {
        match.operation.activation = function
        inner.append(value)
        node = producer
      }
      var residual: ValueID?
      if !isBias(node), let (value, producer, other) = sum(node) {
        residual = other
        match.operation.hasResidual = true
        inner.append(value)
        node = producer
      }
      var bias: ValueID?
      if isBias(node), let (value, producer, other) = sum(node) {
        bias = other
        match.operation.addsBias = true
        inner.append(value)
        node = producer
      }
      guard !inner.isEmpty, layer(node, bias: bias, &match) else { return nil }
      if let residual {
        if match.inputs.count < 3 { match.inputs.append(nil) }
        match.inputs.append(residual)
      }
      match.name = node.name
      return (match, inner)
    }

    /// The product at the start of a layer.
    private func layer(_ node: Graph.Node, bias: ValueID?, _ match: inout Match) -> Bool {
      guard node.inputs.count >= 2, let x = node.inputs[0], let w = node.inputs[1], isConstant[w.index],
        !isConstant[x.index], graph.fact(w).shape.rank == 2, graph.fact(x).shape.rank >= 2
      else { return false }
      match.inputs = [x, w]
      if let gemm = node.operation as? Gemm {
        let own = node.inputs.count > 2 ? node.inputs[2] : nil
        guard !gemm.transposesA, gemm.alpha == 1, gemm.beta == 1, own == nil || bias == nil else {
          return false
        }
        if let own {
          guard isConstant[own.index], isRow(own, of: node.outputs[0]) else { return false }
          match.inputs.append(own)
        }
        match.operation.isGemm = true
        match.operation.transposesWeights = gemm.transposesB
      } else if !(node.operation is MatMul) {
        return false
      }
      if let bias { match.inputs.append(bias) }
      return true
    }

    /// Whether a value is one row of numbers for another.
    private func isRow(_ value: ValueID, of result: ValueID) -> Bool {
      let (row, whole) = (graph.fact(value).shape, graph.fact(result).shape)
      return row.last == whole.last && row.elementCount == whole.last && row.rank <= whole.rank
    }

    /// Whether a node adds a constant row.
    private func isBias(_ node: Graph.Node) -> Bool {
      guard node.operation is Add else { return false }
      return node.inputs.contains {
        $0.map { isConstant[$0.index] && isRow($0, of: node.outputs[0]) } ?? false
      }
    }

    /// A sum as a value that a single node makes for it and one of any origin: of two such values, the one that is made later.
    private func sum(_ node: Graph.Node) -> (value: ValueID, producer: Graph.Node, other: ValueID)? {
      guard node.operation is Add, node.inputs.count == 2, let a = node.inputs[0], let b = node.inputs[1]
      else {
        return nil
      }
      let whole = graph.fact(node.outputs[0]).shape
      for (value, other) in [(max(a, b), min(a, b)), (min(a, b), max(a, b))] {
        guard let (_, producer) = soleProducer(of: value), graph.fact(value).shape == whole,
          producer.operation is MatMul || producer.operation is Gemm || isBias(producer),
          isBias(node) || graph.fact(other).shape == whole
        else { continue }
        return (value, producer, other)
      }
      return nil
    }

    /// The node that makes a value, if it makes nothing else and nobody else reads it.
    private func soleProducer(of value: ValueID?) -> (ValueID, Graph.Node)? {
      guard let value, useCounts[value.index] == 1, !isConstant[value.index],
        let node = graph.producer(of: value), node.outputs.count == 1
      else { return nil }
      return (value, node)
    }
  }
}

extension Graph {
  /// For each value whether it depends on parameters and constants alone.
  package var dependsOnWeightsAlone: [Bool] {
    var isConstant = values.map { record in
      switch record.source {
      case .parameter, .constant: true
      case .input, .node: false
      }
    }
    for node in nodes where node.inputs.allSatisfy({ $0.map { isConstant[$0.index] } ?? true }) {
      for output in node.outputs { isConstant[output.index] = true }
    }
    return isConstant
  }
}
