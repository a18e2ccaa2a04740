public import VisionTensor

/// As RandomUniform, with the shape of the input, whose elements are not read. ONNX RandomUniformLike, opset 1.
public struct RandomUniformLike: Operator {
  public static let name = "RandomUniformLike"
  /// The type of the result, a floating-point type; nil for that of the input.
  public var type: ElementType?
  public var low: Float
  public var high: Float
  public var seed: Float

  public init(type: ElementType? = nil, low: Float = 0, high: Float = 1, seed: Float = 0) {
    self.type = type
    (self.low, self.high, self.seed) = (low, high, seed)
  }

  private func plain(_ fact: Fact) -> RandomUniform {
    RandomUniform(fact.shape, type: type ?? fact.type, low: low, high: high, seed: seed)
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    try plain(ShapeRule.required(inputs, 0)).outputs([])
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    return try plain(Fact(x.elementType, x.shape)).evaluate([])
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["dtype", "low", "high", "seed"])
    try node.allowInputs(atMost: 1)
    let op = RandomUniformLike(
      type: try node.type("dtype", in: RandomNumbers.types), low: try node.float("low") ?? 0,
      high: try node.float("high") ?? 1, seed: try node.seed())
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    var result: Attributes = ["low": .float(low), "high": .float(high), "seed": .float(seed)]
    if let type { result["dtype"] = .int(type.onnx) }
    return result
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    GraphLimits.product(outputs[0].shape.elementCount, 32)
  }
}
