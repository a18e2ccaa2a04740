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
    try node.allowAttributes(["epsilon", "momentum", "spatial", "training_mode"])
    if try node.flag("training_mode") { throw node.unsupported("training_mode 1") }
    guard try node.flag("spatial", default: true) else { throw node.unsupported("spatial 0") }
    try node.allowOneOutput("of the statistics of training")
    let normalization = BatchNormalization(
      epsilon: try node.float("epsilon") ?? 1e-5, momentum: try node.float("momentum") ?? 0.9)
    return [
      try graph.add(
        normalization, node.input(0), node.input(1), node.input(2), node.input(3), node.input(4),
        name: node.name)
    ]
  }

  public var attributes: Attributes { ["epsilon": .float(epsilon), "momentum": .float(momentum)] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 2 * outputs[0].shape.elementCount }
}
