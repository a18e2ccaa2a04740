public import VisionTensor

/// y = scale · (x − mean) / √(variance + ε) + bias, with mean and variance of each channel of each sample.
/// ONNX InstanceNormalization, opset 6. Source: Ulyanov et al. 2016.
///
/// Inputs: x N×C×spatial, scale and bias C, all of one floating-point type.
public struct InstanceNormalization: Operator {
  public static let name = "InstanceNormalization"
  public static let keepsNumbersOpen = true
  public var epsilon: Float

  public init(epsilon: Float = 1e-5) { self.epsilon = epsilon }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    guard x.shape.rank >= 3 else {
      throw ShapeError("input \(x.shape) must have at least 3 axes: N×C×spatial")
    }
    try ShapeRule.channels(inputs, 1, "scale", of: x)
    try ShapeRule.channels(inputs, 2, "bias", of: x)
    return [Fact(x.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    _ = try resolved(inputs)
    let scale = try Reference.required(inputs, 1).doubles
    let bias = try Reference.required(inputs, 2).doubles
    var values = Reference.normalized(x.doubles, runs: x.shape[0] * x.shape[1], epsilon: epsilon)
    Reference.scale(&values, by: scale, plus: bias, shape: x.shape)
    return [Tensor(doubles: values, shape: x.shape, elementType: x.elementType)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    let x = try node.input(0)
    return try node.add(
      GroupNormalizationGradient(groups: x.shape[1], epsilon: epsilon), [node.gradient, x, node.input(1)])
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["epsilon"])
    return [
      try graph.add(
        InstanceNormalization(epsilon: try node.float("epsilon") ?? 1e-5), node.input(0), node.input(1),
        node.input(2), name: node.name)
    ]
  }

  public var attributes: Attributes { ["epsilon": .float(epsilon)] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 7 * outputs[0].shape.elementCount }
}
