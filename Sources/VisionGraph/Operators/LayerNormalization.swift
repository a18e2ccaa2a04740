public import VisionTensor

/// y = scale · (x − mean) / √(variance + ε) + bias, with mean and variance over all axes from `axis` on.
/// ONNX LayerNormalization, opset 17. Source: Ba et al. 2016.
///
/// Inputs: x, scale and optional bias that broadcast to x, all of one floating-point type. The outputs `Mean` and `InvStdDev` of a
/// file's node become nodes of their own.
public struct LayerNormalization: Operator {
  public static let name = "LayerNormalization"
  public static let keepsNumbersOpen = true
  /// The first axis that the statistics are taken over, counted from the end when negative.
  public var axis: Int
  public var epsilon: Float

  public init(axis: Int = -1, epsilon: Float = 1e-5) {
    self.axis = axis
    self.epsilon = epsilon
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    let scale = try ShapeRule.required(inputs, 1, types: [x.type])
    let bias = try ShapeRule.optional(inputs, 2, types: [x.type])
    _ = try ShapeRule.axis(axis, rank: x.shape.rank)
    for (fact, meaning) in [(scale, "scale"), (bias, "bias")] {
      if let fact, fact.shape.broadcast(with: x.shape) != x.shape {
        throw ShapeError("\(meaning) \(fact.shape) does not broadcast to input \(x.shape)")
      }
    }
    return [Fact(x.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    _ = try resolved(inputs)
    let first = axis < 0 ? axis + x.shape.rank : axis
    let runs = x.shape.dimensions.prefix(first).reduce(1, *)
    var values = Reference.normalized(x.doubles, runs: runs, epsilon: epsilon)
    let scale = try Reference.required(inputs, 1)
    let factors = scale.doubles
    for (index, from) in Reference.indices(of: scale.shape, broadcastTo: x.shape).enumerated() {
      values[index] *= factors[from]
    }
    if let bias = Reference.optional(inputs, 2) {
      let summands = bias.doubles
      for (index, from) in Reference.indices(of: bias.shape, broadcastTo: x.shape).enumerated() {
        values[index] += summands[from]
      }
    }
    return [Tensor(doubles: values, shape: x.shape, elementType: x.elementType)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    let gradients = try node.add(
      Gradient(axis: axis, epsilon: epsilon),
      [node.gradient, node.input(0), node.input(1)])
    return try node.wanted { (index, input) throws(GraphError) in
      index < 2 ? gradients[index] : try node.sum(node.gradient, toShapeOf: input)
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    // stash_type is the internal precision; that of the reference is higher.
    try node.allowAttributes(["axis", "epsilon", "stash_type"])
    let normalization = LayerNormalization(
      axis: try node.int("axis") ?? -1, epsilon: try node.float("epsilon") ?? 1e-5)
    let x = try node.input(0)
    let y = try graph.add(normalization, x, node.input(1), node.optionalInput(2), name: node.name)
    if node.outputCount == 1 { return [y] }
    return [y] + (try normalization.statistics(of: x, Composition(node, in: graph)))
  }

  /// Appends mean and inverse standard deviation of x, of the type that the node's `stash_type` says.
  func statistics(of x: Value, _ parts: Composition) throws(GraphError) -> [Value] {
    let number = try parts.node.int("stash_type") ?? 1
    guard let type = ElementType(onnx: number), type.isFloatingPoint else {
      throw parts.node.unsupported("stash_type \(ElementType.onnxName(number))")
    }
    let axes = Array((axis < 0 ? axis + x.shape.rank : axis)..<x.shape.rank)
    let values = try parts.cast(x, to: type)
    let mean = try parts.add(ReduceMean(axes: axes), values)
    let centered = try parts.add(Sub(), values, mean)
    let variance = try parts.add(ReduceMean(axes: axes), parts.add(Mul(), centered, centered))
    let shifted = try parts.add(Add(), variance, parts.scalar(Double(epsilon), type))
    return [mean, try parts.add(Reciprocal(), parts.add(Sqrt(), shifted))]
  }

  public var attributes: Attributes { ["axis": .int(axis), "epsilon": .float(epsilon)] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 7 * outputs[0].shape.elementCount }
}

extension LayerNormalization {
  /// The gradients: with h = g · scale and x̂ = (x − mean)/σ over the axes from `axis` on,
  /// gx = (h − mean(h) − x̂ · mean(h·x̂)) / σ and gscale = Σ g·x̂ over the axes along which scale is repeated.
  ///
  /// Inputs: g, x of one floating-point type and shape; scale that broadcasts to it. Outputs: gx, gscale.
  public struct Gradient: InternalOperator {
    public static let name = "LayerNormalizationGradient"
    public var axis: Int
    public var epsilon: Float

    public init(axis: Int = -1, epsilon: Float = 1e-5) {
      self.axis = axis
      self.epsilon = epsilon
    }

    public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
      let g = try ShapeRule.required(inputs, 0, types: .floats)
      try ShapeRule.same(inputs, 1, as: g)
      let scale = try ShapeRule.required(inputs, 2)
      return try LayerNormalization(axis: axis).outputs([g, scale]) + [Fact(g.type, scale.shape)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
      let facts = try resolved(inputs)
      let g = try Reference.required(inputs, 0).doubles
      let x = try Reference.required(inputs, 1).doubles
      let scale = try Reference.required(inputs, 2).doubles
      let shape = facts[0].shape
      let runs = shape.dimensions.prefix(axis < 0 ? axis + shape.rank : axis).reduce(1, *)
      let places = Reference.indices(of: facts[1].shape, broadcastTo: shape)
      let h = zip(g, places).map { $0 * scale[$1] }
      let (result, normalized) = Reference.normalizedGradient(h, x, runs: runs, epsilon: epsilon)
      var sums = [Double](repeating: 0, count: scale.count)
      for (index, place) in places.enumerated() { sums[place] += g[index] * normalized[index] }
      return zip(facts, [result, sums]).map { Tensor(doubles: $1, shape: $0.shape, elementType: $0.type) }
    }

    public var attributes: Attributes { ["axis": .int(axis), "epsilon": .float(epsilon)] }

    public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 12 * outputs[0].shape.elementCount }
  }
}
