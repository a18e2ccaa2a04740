import VisionTensor

extension GraphPattern {
  /// softmax(scale · q · kᵀ + bias) · v.
  static let attention = GraphPattern(
    name: "attention",
    forms: keys.flatMap { keys in
      [.sum([scores(keys), .value("bias")]), scores(keys)].flatMap { weighted($0) }
    }
  ) { match in
    guard let q = match.values["q"], let columns = match.values["columns"], let v = match.values["v"],
      let softmax = match.operation("softmax", Softmax.self)
    else { return nil }
    let shape = match.graph.fact(q).shape
    guard shape.rank >= 3, softmax.axis == -1 || softmax.axis == shape.rank - 1 else { return nil }
    let scale = ["scale", "scale of q", "scale of k"].reduce(1) { $0 * (match.numbers[$1] ?? 1) }
    var operation = ScaledDotProductAttention(
      scale: Float(scale), hasKeysInColumns: true, givesZerosForNaN: match.nodes["guard"] != nil)
    let bias = match.values["bias"].map { [$0] } ?? []
    // Whatever does not fit, such as factors that are broadcast, stays as it is.
    guard let result = try? operation.outputs(([q, columns, v] + bias).map { match.graph.fact($0) }),
      result[0].shape == match.fact.shape
    else { return nil }
    var keys = Operand.value(columns)
    if let k = match.values["k"] {
      guard let rows = rows(of: match.graph.fact(columns).shape, from: match.graph.fact(k).shape, match)
      else {
        return nil
      }
      operation.hasKeysInColumns = false
      keys = .reshaped(.value(k), rows)
    }
    return Replacement(operation: operation, inputs: [.value(q), keys, .value(v)] + bias.map { .value($0) })
  }

  /// Keys as rows that are turned, with other leading axes behind that or not; or in columns.
  private static let keys: [Form] = [
    .named("columns", .node("turn", [Transpose.self], [.value("k")])),
    .named("columns", .node(Reshape.self, .node("turn", [Transpose.self], [.value("k")]))), .value("columns"),
  ]

  /// The shape of keys as rows, if turning those of another shape gives the columns.
  private static func rows(of columns: Shape, from k: Shape, _ match: PatternMatch) -> Shape? {
    let extents = Array(columns.dimensions.suffix(2).reversed())
    guard k.rank >= 2, Array(k.dimensions.suffix(2)) == extents, k.elementCount == columns.elementCount,
      match.operation("turn", Transpose.self)?.permutation == Array(0..<(k.rank - 2)) + [
        k.rank - 1, k.rank - 2,
      ]
    else { return nil }
    return Shape(columns.dimensions.dropLast(2) + extents)
  }

  private static func scores(_ keys: Form) -> Form {
    let product = Form.node(
      MatMul.self, .either([.product([.value("q"), .scalar("scale of q")]), .value("q")]),
      .either([.product([keys, .scalar("scale of k")]), keys]))
    return .either([.product([product, .scalar("scale")]), product])
  }

  /// The sums of values by the softmax of scores, and those where rows without a key give zeros.
  private static func weighted(_ scores: Form) -> [Form] {
    let weights = Form.named("weights", .node("softmax", [Softmax.self], [scores]))
    let guarded = Form.node(
      "guard", [Where.self], [.node(IsNaN.self, weights), .number(0), .value("weights")])
    return [guarded, weights].map { .node(MatMul.self, $0, .value("v")) }
  }
}
