public import VisionTensor

/// y = scale · (x − mean) / √(variance + ε) + bias, with mean and variance of each group of channels of each sample.
/// ONNX GroupNormalization, opset 21. Source: Wu and He 2018.
///
/// Inputs: x N×C×…, scale and bias C, all of one floating-point type.
public struct GroupNormalization: Operator {
  public static let name = "GroupNormalization"
  public static let keepsNumbersOpen = true
  // Opset 18 had it with a number for each group, as files that are read may have it; opset 21 has it so.
  public static let introduction = 21
  public var groups: Int
  public var epsilon: Float

  public init(groups: Int, epsilon: Float = 1e-5) {
    self.groups = groups
    self.epsilon = epsilon
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    guard x.shape.rank >= 2, groups > 0, x.shape[1] % groups == 0 else {
      throw ShapeError("input \(x.shape) has no channels that fall into \(groups) groups")
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
    var values = Reference.normalized(x.doubles, runs: x.shape[0] * groups, epsilon: epsilon)
    Reference.scale(&values, by: scale, plus: bias, shape: x.shape)
    return [Tensor(doubles: values, shape: x.shape, elementType: x.elementType)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.add(
      GroupNormalizationGradient(groups: groups, epsilon: epsilon),
      [node.gradient, node.input(0), node.input(1)])
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    // stash_type is the internal precision; that of the reference is higher.
    try node.allowAttributes(["epsilon", "num_groups", "stash_type"])
    guard let groups = try node.int("num_groups") else {
      throw GraphError(.structure, "GroupNormalization lacks num_groups", place: node.name)
    }
    let x = try node.input(0)
    var (scale, bias) = (try node.input(1), try node.input(2))
    if (18..<21).contains(node.opset) {
      scale = try spread(scale, groups: groups, over: x, node, "scale")
      bias = try spread(bias, groups: groups, over: x, node, "bias")
    }
    let normalization = GroupNormalization(groups: groups, epsilon: try node.float("epsilon") ?? 1e-5)
    return [try graph.add(normalization, x, scale, bias, name: node.name)]
  }

  /// One number for each channel, from one for each group as in opsets 18 to 20, by a product with zeros and
  /// ones.
  private static func spread(_ value: Value, groups: Int, over x: Value, _ node: ImportedNode, _ part: String)
    throws(GraphError) -> Value
  {
    guard value.shape == [groups], x.shape.rank >= 2, groups > 0, x.shape[1] % groups == 0 else {
      throw GraphError(
        .shape, "GroupNormalization: \(part) \(value.shape) does not fit \(groups) groups of \(x.shape)",
        place: node.name)
    }
    let channels = x.shape[1]
    let ones = (0..<(groups * channels)).map {
      $0 / channels == $0 % channels / (channels / groups) ? 1.0 : 0
    }
    let matrix = Tensor(doubles: ones, shape: [groups, channels], elementType: value.fact.type)
    return try value.graph.add(
      MatMul(), value, value.graph.constant(matrix, name: "\(node.name).\(part).groups"),
      name: "\(node.name).\(part)")
  }

  public var attributes: Attributes { ["num_groups": .int(groups), "epsilon": .float(epsilon)] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 7 * outputs[0].shape.elementCount }
}
