public import VisionTensor

/// 1 with the probability that the input gives, else 0, by numbers that follow from the seed: the same at every run. ONNX
/// Bernoulli, opset 15.
///
/// Input: the probabilities, 0...1, a floating-point type. Its gradient is 0, as in PyTorch.
public struct Bernoulli: Operator {
  public static let name = "Bernoulli"
  private static let outputTypes = Set<ElementType>.numbers.union([.bool])
  /// The type of the result, any numbers or bool; nil for that of the input.
  public var type: ElementType?
  public var seed: Float

  public init(type: ElementType? = nil, seed: Float = 0) {
    self.type = type
    self.seed = seed
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    let type = type ?? x.type
    guard Self.outputTypes.contains(type) else { throw ShapeError("the result cannot be \(type.rawValue)") }
    return [Fact(type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let probabilities = try Reference.required(inputs, 0).doubles
    for probability in probabilities where !(probability >= 0 && probability <= 1) {
      throw EvaluationError("the probability \(probability) is not in 0...1")
    }
    let numbers = RandomNumbers.generator(seed: seed).uniform(count: probabilities.count)
    let results = zip(numbers, probabilities).map { Double($0) < $1 ? 1 : 0 }
    return [Tensor(wrapping: results, shape: fact.shape, elementType: fact.type)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] { [nil] }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["dtype", "seed"])
    try node.allowInputs(atMost: 1)
    let op = Bernoulli(type: try node.type("dtype", in: outputTypes), seed: try node.seed())
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    var result: Attributes = ["seed": .float(seed)]
    if let type { result["dtype"] = .int(type.onnx) }
    return result
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    GraphLimits.product(outputs[0].shape.elementCount, 16)
  }
}
