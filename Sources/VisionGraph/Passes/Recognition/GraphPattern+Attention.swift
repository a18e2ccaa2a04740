import VisionTensor

extension GraphPattern {
  /// softmax(scale · q · kᵀ + bias) · v.
  static let attention = GraphPattern(
    name: "attention",
    forms: [.sum([scores, .value("bias")]), scores].map {
      .node(MatMul.self, .node("softmax", [Softmax.self], [$0]), .value("v"))
    }
  ) { match in
    guard let q = match.values["q"], let k = match.values["k"], let v = match.values["v"],
      let softmax = match.operation("softmax", Softmax.self),
      let shapes = Optional([q, k, v].map { match.graph.fact($0).shape }), shapes[0].rank >= 3,
      softmax.axis == -1 || softmax.axis == shapes[0].rank - 1
    else { return nil }
    let scale =
      (match.numbers["scale"] ?? 1) * (match.numbers["scale of q"] ?? 1) * (match.numbers["scale of k"] ?? 1)
    var operation = ScaledDotProductAttention(scale: Float(scale))
    var keys = k
    if let turned = match.graph.producer(of: k), let order = (turned.operation as? Transpose)?.permutation,
      order == Array(0..<(order.count - 2)) + [order.count - 1, order.count - 2],
      let source = turned.inputs[0]
    {
      keys = source
    } else {
      operation.hasKeysInColumns = true
    }
    var inputs: [Operand] = [.value(q), .value(keys), .value(v)]
    if let bias = match.values["bias"] { inputs.append(.value(bias)) }
    // Whatever does not fit, such as factors that are broadcast, stays as it is.
    let facts = inputs.map { operand -> Fact? in
      if case .value(let id) = operand { return match.graph.fact(id) } else { return nil }
    }
    guard let result = try? operation.outputs(facts), result[0].shape == match.fact.shape else { return nil }
    return Replacement(operation: operation, inputs: inputs)
  }

  private static let scores = Form.either([
    .product([product, .scalar("scale")]), product,
  ])
  private static let product = Form.node(
    MatMul.self, .either([.product([.value("q"), .scalar("scale of q")]), .value("q")]),
    .either([.product([.value("k"), .scalar("scale of k")]), .value("k")]))
}
