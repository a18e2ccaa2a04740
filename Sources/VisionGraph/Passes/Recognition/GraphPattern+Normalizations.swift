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
      inputs.append(.reshaped(value, Shape(extents)))
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
    var inputs: [Operand] = [.value(x)]
    for name in ["scale", "bias"] {
      let shape: Shape = [fact.shape[1]]
      guard let value = match.values[name] else {
        inputs.append(.constant(Tensor(repeating: Float(name == "scale" ? 1 : 0), shape: shape)))
        continue
      }
      // One number for each channel: 1×C×1×…, with or without the first axis.
      guard match.isFixed(name), let own = match.fact(name),
        own.shape.elementCount == fact.shape[1],
        Array(own.shape.dimensions.suffix(fact.shape.rank - 1)) == [fact.shape[1]]
          + [Int](repeating: 1, count: fact.shape.rank - 2)
      else { return nil }
      inputs.append(.reshaped(value, shape))
    }
    return Replacement(
      operation: GroupNormalization(groups: parts.shape[1], epsilon: instance.epsilon), inputs: inputs)
  }

  private static let instances = Form.node(
    Reshape.self,
    .node(
      "instance", [InstanceNormalization.self],
      [.named("parts", .node(Reshape.self, .value("x"))), .number(1), .number(0)]))
}
