public import VisionTensor

/// As RandomNormal, with the shape of the input, whose elements are not read. ONNX RandomNormalLike, opset 1.
public struct RandomNormalLike: Operator {
  public static let name = "RandomNormalLike"
  /// The type of the result, a floating-point type; nil for that of the input.
  public var type: ElementType?
  public var mean: Float
  /// The standard deviation.
  public var scale: Float
  public var seed: Float

  public init(type: ElementType? = nil, mean: Float = 0, scale: Float = 1, seed: Float = 0) {
    self.type = type
    (self.mean, self.scale, self.seed) = (mean, scale, seed)
  }

  private func plain(_ fact: Fact) -> RandomNormal {
    RandomNormal(fact.shape, type: type ?? fact.type, mean: mean, scale: scale, seed: seed)
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    try plain(ShapeRule.required(inputs, 0)).outputs([])
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    return try plain(Fact(x.elementType, x.shape)).evaluate([])
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["dtype", "mean", "scale", "seed"])
    try node.allowInputs(atMost: 1)
    let op = RandomNormalLike(
      type: try node.type("dtype", in: RandomNumbers.types), mean: try node.float("mean") ?? 0,
      scale: try node.float("scale") ?? 1, seed: try node.seed())
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    var result: Attributes = ["mean": .float(mean), "scale": .float(scale), "seed": .float(seed)]
    if let type { result["dtype"] = .int(type.onnx) }
    return result
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    GraphLimits.product(outputs[0].shape.elementCount, 32)
  }
}
