public import VisionTensor

/// A tensor of numbers that are uniform in low..<high, which follow from the seed: the same at every run. ONNX RandomUniform, opset 1.
///
/// It has no inputs.
public struct RandomUniform: Operator {
  public static let name = "RandomUniform"
  public var shape: Shape
  /// The type of the result, a floating-point type.
  public var type: ElementType
  public var low: Float
  public var high: Float
  public var seed: Float

  public init(
    _ shape: Shape, type: ElementType = .float32, low: Float = 0, high: Float = 1, seed: Float = 0
  ) {
    (self.shape, self.type) = (shape, type)
    (self.low, self.high, self.seed) = (low, high, seed)
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    guard RandomNumbers.types.contains(type) else {
      throw ShapeError("random numbers cannot be \(type.rawValue)")
    }
    return [Fact(type, try ShapeRule.shape(shape.dimensions, "the shape"))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let numbers = RandomNumbers.generator(seed: seed).uniform(count: fact.shape.elementCount)
    return [Tensor(doubles: numbers.map(scaled), shape: fact.shape, elementType: fact.type)]
  }

  /// A number as the generator gives it, in the wanted distribution.
  func scaled(_ number: Float) -> Double { Double(low) + (Double(high) - Double(low)) * Double(number) }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["dtype", "low", "high", "seed", "shape"])
    try node.allowInputs(atMost: 0)
    let op = RandomUniform(
      try node.randomShape(), type: try node.type("dtype", in: RandomNumbers.types) ?? .float32,
      low: try node.float("low") ?? 0, high: try node.float("high") ?? 1, seed: try node.seed())
    return try graph.add(op, [], name: node.name)
  }

  public var attributes: Attributes {
    [
      "dtype": .int(type.onnx), "low": .float(low), "high": .float(high), "seed": .float(seed),
      "shape": .ints(shape.dimensions),
    ]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    GraphLimits.product(outputs[0].shape.elementCount, 32)
  }
}
