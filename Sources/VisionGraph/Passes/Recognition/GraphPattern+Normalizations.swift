import VisionTensor

extension GraphPattern {
  static let normalizations = [layer, rootMeanSquare, group]

  /// (x − mean) / √(mean square + ε), scaled and shifted.
  private static let layer = GraphPattern(
    name: LayerNormalization.name,
    forms: [
      .sum([.product([.value("scale"), centered]), .value("bias")]),
      .sum([.product(centeredFactors), .value("bias")]),
      .product([.value("scale"), centered]), .product(centeredFactors), centered,
      .product(Array(centeredFactors.dropFirst())),
    ]
  ) { match in
    guard let x = match.values["x"], let axis = firstAxis(["mean", "variance"], match),
      let epsilon = match.numbers["epsilon"], match.fact("x")?.shape == match.fact.shape
    else { return nil }
    return affine(LayerNormalization(axis: axis, epsilon: Float(epsilon)), x, from: axis, match)
  }

  private static let difference = Form.named(
    "d", .node(Sub.self, .value("x"), .node("mean", [ReduceMean.self], [.value("x")])))
  private static let deviation = Form.node(
    Sqrt.self,
    .sum([.node("variance", [ReduceMean.self], [.square(difference)]), .scalar("epsilon")]))
  private static let centered = Form.node(Div.self, difference, deviation)
  private static let centeredFactors: [Form] = [.value("scale"), difference, inverse(deviation)]

  /// x / √(mean square + ε), scaled.
  private static let rootMeanSquare = GraphPattern(
    name: RMSNormalization.name,
    forms: [
      .product([.value("scale"), .node(Div.self, .value("x"), root)]),
      .product([.value("scale"), .value("x"), inverse(root)]),
    ]
  ) { match in
    guard let x = match.values["x"], let axis = firstAxis(["variance"], match),
      let epsilon = match.numbers["epsilon"], match.fact("x")?.shape == match.fact.shape
    else { return nil }
    return affine(RMSNormalization(axis: axis, epsilon: Float(epsilon)), x, from: axis, match)
  }

  private static let root = Form.node(
    Sqrt.self, .sum([.node("variance", [ReduceMean.self], [.square(.value("x"))]), .scalar("epsilon")]))

  private static func inverse(_ form: Form) -> Form {
    .either([.node(Reciprocal.self, form), .node(Div.self, .number(1), form)])
  }

  /// The first axis of means that are taken over all axes from there on and keep them.
  private static func firstAxis(_ names: [String], _ match: PatternMatch) -> Int? {
    guard let rank = match.fact("x")?.shape.rank else { return nil }
    var first: Int?
    for name in names {
      guard let mean = match.operation(name, ReduceMean.self), mean.keepsDimensions,
        let axes = try? ShapeRule.reducedAxes(mean.axes, rank: rank), let start = axes.first,
        axes == Array(start..<rank), first == nil || first == start
      else { return nil }
      first = start
    }
    return first
  }

  /// The normalization with a scale and a bias that have an element for each position from an axis on; those that are missing are
  /// ones and nothing.
  private static func affine(_ operation: any Operator, _ x: ValueID, from axis: Int, _ match: PatternMatch)
    -> Replacement?
  {
    let extents = Array(match.fact.shape.dimensions[axis...])
    var inputs: [Operand] = [.value(x)]
    for name in ["scale", "bias"] {
      guard let value = match.values[name] else {
        if name == "scale" {
          inputs.append(.constant(Tensor(repeating: Float(1), shape: Shape(extents))))
        }
        continue
      }
      guard match.isFixed(name), let fact = match.fact(name), fact.shape.elementCount == extents.reduce(1, *),
        Array(fact.shape.dimensions.suffix(extents.count)) == extents
      else { return nil }
      inputs.append(.reshaped(.value(value), Shape(extents)))
    }
    return Replacement(operation: operation, inputs: inputs)
  }

  /// InstanceNormalization of N×groups×…, back in the shape of x, scaled and shifted by channel.
  private static let group = GraphPattern(
    name: GroupNormalization.name,
    forms: [
      .sum([.product([.value("scale"), instances]), .value("bias")]), .product([.value("scale"), instances]),
      instances,
    ]
  ) { match in
    guard let x = match.values["x"], let fact = match.fact("x"), fact.shape == match.fact.shape,
      fact.shape.rank >= 2, let parts = match.fact("parts"), parts.shape.rank >= 2,
      let instance = match.operation("instance", InstanceNormalization.self), parts.shape[0] == fact.shape[0],
      parts.shape[1] > 0, fact.shape[1] % parts.shape[1] == 0
    else { return nil }
    guard let own = perGroup(channels: fact.shape[1], groups: parts.shape[1], match) else { return nil }
    var (scale, bias) = own
    for name in ["scale", "bias"] {
      guard let value = match.values[name] else { continue }
      // One number for each channel: 1×C×1×…, with or without the first axis.
      guard match.isFixed(name), let numbers = match.fact(name), numbers.shape.elementCount == fact.shape[1],
        Array(numbers.shape.dimensions.suffix(fact.shape.rank - 1)) == [fact.shape[1]]
          + [Int](repeating: 1, count: fact.shape.rank - 2)
      else { return nil }
      let operand = Operand.reshaped(.value(value), [fact.shape[1]])
      if name == "scale" {
        scale = scale.map { .product($0, operand) } ?? operand
        bias = bias.map { .product($0, operand) }
      } else {
        bias = bias.map { .sum($0, operand) } ?? operand
      }
    }
    let count: Shape = [fact.shape[1]]
    return Replacement(
      operation: GroupNormalization(groups: parts.shape[1], epsilon: instance.epsilon),
      inputs: [
        .value(x), scale ?? .constant(Tensor(repeating: Float(1), shape: count)),
        bias ?? .constant(Tensor(repeating: Float(0), shape: count)),
      ])
  }

  /// What InstanceNormalization scales groups by and adds to them, for each channel; nil for ones and for zeros.
  private static func perGroup(channels: Int, groups: Int, _ match: PatternMatch) -> (
    scale: Operand?, bias: Operand?
  )? {
    var operands: [Operand?] = []
    for (name, neutral) in [("group scale", 1.0), ("group bias", 0)] {
      guard let value = match.values[name], match.isFixed(name) else { return nil }
      if let known = match.graph.fact(value).value, known.doubles.allSatisfy({ $0 == neutral }) {
        operands.append(nil)
        continue
      }
      let column = Operand.reshaped(.value(value), [groups, 1])
      operands.append(.reshaped(.expanded(column, [groups, channels / groups]), [channels]))
    }
    return (operands[0], operands[1])
  }

  private static let instances = Form.node(
    Reshape.self,
    .node(
      "instance", [InstanceNormalization.self],
      [.named("parts", .node(Reshape.self, .value("x"))), .value("group scale"), .value("group bias")]))
}
