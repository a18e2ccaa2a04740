import VisionTensor

extension GraphPattern {
  /// softmax(scale · q · kᵀ + bias) · v, with a mask for groups of the leading axis or without.
  static let attention = GraphPattern(
    name: "attention",
    forms: keys.flatMap { keys in
      let plain: [Form] = [.sum([scores(keys), .value("bias")]), scores(keys)]
      return (plain.map(masked) + plain).flatMap { weighted($0) }
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
    var added = bias.map { Operand.value($0) }
    if let mask = match.values["mask"] {
      guard let operand = ungrouped(mask, match) else { return nil }
      added.append(operand)
    }
    var keys = Operand.value(columns)
    // Keys that are turned in another way stay columns.
    if let k = match.values["k"],
      let rows = rows(of: match.graph.fact(columns).shape, from: match.graph.fact(k).shape, match)
    {
      operation.hasKeysInColumns = false
      keys = .reshaped(.value(k), rows)
    }
    return Replacement(operation: operation, inputs: [.value(q), keys, .value(v)] + added)
  }

  /// Scores whose leading axis is split into groups, to which a mask is added (windows of images).
  private static func masked(_ scores: Form) -> Form {
    .node(
      Reshape.self, .sum([.named("grouped", .node(Reshape.self, .named("flat", scores))), .value("mask")]))
  }

  /// The mask of groups for scores whose leading axis is not split; nil if the scores were split otherwise.
  private static func ungrouped(_ mask: ValueID, _ match: PatternMatch) -> Operand? {
    guard let flat = match.fact("flat")?.shape, let grouped = match.fact("grouped")?.shape,
      let sum = match.graph.fact(mask).shape.broadcast(with: grouped), sum == grouped,
      grouped.rank == flat.rank + 1, flat.rank >= 3, grouped[0] * grouped[1] == flat[0],
      grouped.dimensions.dropFirst(2) == flat.dimensions.dropFirst()
    else { return nil }
    let shape = match.graph.fact(mask).shape.dimensions
    let own = [Int](repeating: 1, count: grouped.rank - shape.count) + shape
    return .reshaped(
      .expanded(.value(mask), Shape(Array(grouped.dimensions.prefix(2)) + own.dropFirst(2))),
      Shape([flat[0]] + own.dropFirst(2)))
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
