public import VisionTensor

/// y = scale · x / √(mean square + ε), with the mean over all axes from `axis` on. ONNX RMSNormalization, opset 23. Source: Zhang and
/// Sennrich 2019.
///
/// Inputs: x, scale that broadcasts to x, both of one floating-point type.
public struct RMSNormalization: Operator {
  public static let name = "RMSNormalization"
  public static let introduction = 23
  public static let keepsNumbersOpen = true
  /// The first axis that the mean is taken over, counted from the end when negative.
  public var axis: Int
  public var epsilon: Float

  public init(axis: Int = -1, epsilon: Float = 1e-5) {
    self.axis = axis
    self.epsilon = epsilon
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    let scale = try ShapeRule.required(inputs, 1, types: [x.type])
    _ = try ShapeRule.axis(axis, rank: x.shape.rank)
    guard scale.shape.broadcast(with: x.shape) == x.shape else {
      throw ShapeError("scale \(scale.shape) does not broadcast to input \(x.shape)")
    }
    return [Fact(x.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    _ = try resolved(inputs)
    let scale = try Reference.required(inputs, 1)
    let factors = scale.doubles
    var values = normalized(x.doubles, x.shape).values
    for (index, from) in Reference.indices(of: scale.shape, broadcastTo: x.shape).enumerated() {
      values[index] *= factors[from]
    }
    return [Tensor(doubles: values, shape: x.shape, elementType: x.elementType)]
  }

  /// x / √(mean square + ε), and the number by which each run of elements was multiplied.
  fileprivate func normalized(_ x: [Double], _ shape: Shape) -> (values: [Double], factors: [Double]) {
    let runs = shape.dimensions.prefix(axis < 0 ? axis + shape.rank : axis).reduce(1, *)
    let length = runs == 0 ? 0 : x.count / runs
    var (values, factors) = (x, [Double]())
    for run in 0..<runs {
      let range = (run * length)..<((run + 1) * length)
      let mean = x[range].reduce(0) { $0 + $1 * $1 } / Double(length)
      factors.append(1 / (mean + Double(epsilon)).squareRoot())
      for index in range { values[index] *= factors[run] }
    }
    return (values, factors)
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.add(
      Gradient(axis: axis, epsilon: epsilon), [node.gradient, node.input(0), node.input(1)])
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    // stash_type is the internal precision; that of the reference is higher.
    try node.allowAttributes(["axis", "epsilon", "stash_type"])
    try node.allowInputs(atMost: 2)
    let op = RMSNormalization(axis: try node.int("axis") ?? -1, epsilon: try node.float("epsilon") ?? 1e-5)
    return try graph.add(op, node.inputs, name: node.name)
  }

  /// Appends 1 / √(mean square + ε) of x, in float32.
  func inverseDeviation(of x: Value, _ parts: Composition) throws(GraphError) -> Value {
    let axes = Array((axis < 0 ? axis + x.shape.rank : axis)..<x.shape.rank)
    let values = try parts.cast(x, to: .float32)
    let mean = try parts.add(ReduceMean(axes: axes), parts.add(Mul(), values, values))
    let shifted = try parts.add(Add(), mean, parts.scalar(Double(epsilon), .float32))
    return try parts.add(Reciprocal(), parts.add(Sqrt(), shifted))
  }

  public var attributes: Attributes { ["axis": .int(axis), "epsilon": .float(epsilon)] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 4 * outputs[0].shape.elementCount }
}

extension RMSNormalization {
  /// The gradients: with r = 1/√(mean square + ε), h = g · scale and x̂ = x·r over the axes from `axis` on, gx = r · (h − x̂ · mean(h·x̂))
  /// and gscale = Σ g·x̂ over the axes along which scale is repeated.
  ///
  /// Inputs: g, x of one floating-point type and shape; scale that broadcasts to it. Outputs: gx, gscale.
  public struct Gradient: InternalOperator {
    public static let name = "RMSNormalizationGradient"
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
      return try RMSNormalization(axis: axis).outputs([g, scale]) + [Fact(g.type, scale.shape)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
      let facts = try resolved(inputs)
      let g = try Reference.required(inputs, 0).doubles
      let x = try Reference.required(inputs, 1).doubles
      let scale = try Reference.required(inputs, 2).doubles
      let places = Reference.indices(of: facts[1].shape, broadcastTo: facts[0].shape)
      let (normalized, factors) = RMSNormalization(axis: axis, epsilon: epsilon).normalized(x, facts[0].shape)
      var result = zip(g, places).map { $0 * scale[$1] }
      let length = factors.isEmpty ? 0 : x.count / factors.count
      for (run, factor) in factors.enumerated() {
        let range = (run * length)..<((run + 1) * length)
        let mean = range.reduce(0) { $0 + result[$1] * normalized[$1] } / Double(length)
        for index in range { result[index] = factor * (result[index] - normalized[index] * mean) }
      }
      var sums = [Double](repeating: 0, count: scale.count)
      for (index, place) in places.enumerated() { sums[place] += g[index] * normalized[index] }
      return zip(facts, [result, sums]).map { Tensor(doubles: $1, shape: $0.shape, elementType: $0.type) }
    }

    public var attributes: Attributes { ["axis": .int(axis), "epsilon": .float(epsilon)] }

    public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 8 * outputs[0].shape.elementCount }
  }
}
