public import VisionTensor

/// y = scale · (x − mean) / √(variance + ε) + bias, by channel, with given statistics, as at inference.
/// ONNX BatchNormalization, opset 15, training_mode 0. Source: Ioffe and Szegedy 2015, algorithm 2.
///
/// Inputs: x N×C×…, scale, bias, mean and variance C, all of one floating-point type.
public struct BatchNormalization: Operator {
  public static let name = "BatchNormalization"
  public static let keepsNumbersOpen = true
  public var epsilon: Float
  /// The weight of the old running statistics in a training step; not used at inference.
  public var momentum: Float

  public init(epsilon: Float = 1e-5, momentum: Float = 0.9) {
    self.epsilon = epsilon
    self.momentum = momentum
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    guard x.shape.rank >= 2 else { throw ShapeError("input \(x.shape) must have at least 2 axes: N×C") }
    for (index, meaning) in ["scale", "bias", "mean", "variance"].enumerated() {
      try ShapeRule.channels(inputs, index + 1, meaning, of: x)
    }
    return [Fact(x.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    _ = try resolved(inputs)
    let scale = try Reference.required(inputs, 1).doubles
    let bias = try Reference.required(inputs, 2).doubles
    let mean = try Reference.required(inputs, 3).doubles
    let variance = try Reference.required(inputs, 4).doubles
    let plane = x.shape.dimensions.dropFirst(2).reduce(1, *)
    let roots = variance.map { ($0 + Double(epsilon)).squareRoot() }
    let result = x.doubles.enumerated().map { index, value in
      let channel = index / plane % scale.count
      return scale[channel] * (value - mean[channel]) / roots[channel] + bias[channel]
    }
    return [Tensor(doubles: result, shape: x.shape, elementType: x.elementType)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    let (x, scale) = (try node.input(0), try node.input(1))
    let (mean, variance) = (try node.input(3), try node.input(4))
    let gradients = try node.add(
      BatchNormalizationGradient(epsilon: epsilon, ofBatch: false),
      [node.gradient, x, scale, mean, variance])
    return try node.wanted { (index, input) throws(GraphError) in
      switch index {
      case 0..<3: return gradients[index]
      case 3:
        let axes = [0] + (2..<x.shape.rank)
        return try node.add(Neg(), node.sum(gradients[0], over: axes))
      default:
        // −½ · scale · gscale / (variance + ε)
        let shifted = try node.add(Add(), input, node.scalar(Double(epsilon), like: input))
        let product = try node.add(Mul(), scale, gradients[1])
        return try node.add(
          Mul(), node.add(Div(), product, shifted), node.scalar(-0.5, like: input))
      }
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(
      node.opset < 7
        ? ["consumed_inputs", "epsilon", "is_test", "momentum", "spatial"]
        : ["epsilon", "momentum", "spatial", "training_mode"])
    let normalization = BatchNormalization(
      epsilon: try node.float("epsilon") ?? 1e-5, momentum: try node.float("momentum") ?? 0.9)
    let isSpatial = try node.flag("spatial", default: true)
    // Before opset 14 the statistics are outputs in training only.
    let trains = try node.opset < 14 ? node.outputCount > 1 : node.flag("training_mode")
    if trains {
      guard isSpatial else { throw node.unsupported("training with spatial 0") }
      if try node.flag("is_test") { throw node.unsupported("statistics of training with is_test 1") }
      return try BatchStatistics(normalization).build(Composition(node, in: graph))
    }
    if node.opset >= 14 { try node.allowOneOutput("of the statistics of training") }
    guard isSpatial else { return [try normalization.buildByElement(Composition(node, in: graph))] }
    let inputs = [
      try node.input(0), try node.input(1), try node.input(2), try node.input(3), try node.input(4),
    ]
    let types = Set(inputs.map(\.fact.type))
    guard types.count > 1, types.isSubset(of: .floats) else {
      return try graph.add(normalization, inputs, name: node.name)
    }
    // From opset 15 on, statistics may be of another type than x.
    let parts = Composition(node, in: graph)
    var wide: [Value] = []
    for input in inputs {
      wide.append(try parts.cast(input, to: types.contains(.float64) ? .float64 : .float32))
    }
    return [try parts.cast(parts.outputs(normalization, wide)[0], to: inputs[0].fact.type)]
  }

  /// Normalization with a scale, a bias and statistics for each element of a sample, as opsets up to 8 have it for `spatial` 0.
  private func buildByElement(_ parts: Composition) throws(GraphError) -> Value {
    let (x, type) = (try parts.node.input(0), try parts.node.input(0).fact.type)
    for index in 1..<5 {
      let shape = try parts.node.input(index).shape
      guard shape.dimensions == Array(x.shape.dimensions.dropFirst()) else {
        throw parts.mismatch("input \(index), \(shape), is no sample of \(x.shape)")
      }
    }
    let centered = try parts.add(Sub(), x, parts.node.input(3))
    let shifted = try parts.add(Add(), parts.node.input(4), parts.scalar(Double(epsilon), type))
    let normalized = try parts.add(Div(), centered, parts.add(Sqrt(), shifted))
    let scaled = try parts.add(Mul(), normalized, parts.node.input(1))
    return try parts.add(Add(), scaled, parts.node.input(2))
  }

  public var attributes: Attributes { ["epsilon": .float(epsilon), "momentum": .float(momentum)] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 2 * outputs[0].shape.elementCount }
}
