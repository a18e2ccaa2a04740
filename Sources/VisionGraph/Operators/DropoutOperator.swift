public import VisionTensor

/// y = x, the meaning of Dropout at inference; it is kept so that the network can be trained again. ONNX
/// Dropout, opset 13.
///
/// Inputs: x of a floating-point type, optional scalar `ratio` (the fraction dropped in training) and
/// optional constant scalar `training_mode`, which must be false. The output `mask` is not supported. The
/// layer is called `Dropout`.
public struct DropoutOperator: Operator {
  public static let name = "Dropout"
  public static let constantInputs: Set = [1, 2]
  /// The seed for training, if the file gives one.
  public var seed: Int?

  public init(seed: Int? = nil) { self.seed = seed }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    let ratio = try ShapeRule.optional(inputs, 1, types: .floats)
    let training = try ShapeRule.optional(inputs, 2, types: [.bool])
    for (fact, meaning) in [(ratio, "ratio"), (training, "training_mode")] {
      if let fact, fact.shape.checkedElementCount != 1 {
        throw ShapeError("\(meaning) \(fact.shape) must be a scalar")
      }
    }
    if training != nil, try ShapeRule.constant(inputs, 2, "training_mode") != [0] {
      throw ShapeError("training_mode 1 is not supported")
    }
    return [Fact(x.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    _ = try resolved(inputs)
    return [try Reference.required(inputs, 0)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (index, _) throws(GraphError) in index == 0 ? node.gradient : nil }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["ratio", "seed"])
    try node.allowOneOutput("mask")
    var ratio = node.optionalInput(1)
    if node.opset < 12 {
      ratio = graph.constant(Tensor(scalar: try node.float("ratio") ?? 0.5), name: "\(node.name).ratio")
    }
    return [
      try graph.add(
        DropoutOperator(seed: try node.int("seed")), node.input(0), ratio, node.optionalInput(2),
        name: node.name)
    ]
  }

  public var attributes: Attributes { seed.map { ["seed": .int($0)] } ?? [:] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 0 }
}
