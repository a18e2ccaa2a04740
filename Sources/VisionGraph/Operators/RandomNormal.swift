public import VisionTensor

/// A tensor of numbers of the normal distribution, which follow from the seed: the same at every run. ONNX RandomNormal, opset 1.
///
/// It has no inputs.
public struct RandomNormal: Operator {
  public static let name = "RandomNormal"
  public var shape: Shape
  /// The type of the result, a floating-point type.
  public var type: ElementType
  public var mean: Float
  /// The standard deviation.
  public var scale: Float
  public var seed: Float

  public init(
    _ shape: Shape, type: ElementType = .float32, mean: Float = 0, scale: Float = 1, seed: Float = 0
  ) {
    (self.shape, self.type) = (shape, type)
    (self.mean, self.scale, self.seed) = (mean, scale, seed)
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    guard RandomNumbers.types.contains(type) else {
      throw ShapeError("random numbers cannot be \(type.rawValue)")
    }
    return [Fact(type, try ShapeRule.shape(shape.dimensions, "the shape"))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let numbers = RandomNumbers.generator(seed: seed).normal(count: fact.shape.elementCount)
    return [Tensor(doubles: numbers.map(scaled), shape: fact.shape, elementType: fact.type)]
  }

  /// A number as the generator gives it, in the wanted distribution.
  func scaled(_ number: Float) -> Double { Double(mean) + Double(scale) * Double(number) }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["dtype", "mean", "scale", "seed", "shape"])
    try node.allowInputs(atMost: 0)
    let op = RandomNormal(
      try node.randomShape(), type: try node.type("dtype", in: RandomNumbers.types) ?? .float32,
      mean: try node.float("mean") ?? 0, scale: try node.float("scale") ?? 1, seed: try node.seed())
    return try graph.add(op, [], name: node.name)
  }

  public var attributes: Attributes {
    [
      "dtype": .int(type.onnx), "mean": .float(mean), "scale": .float(scale), "seed": .float(seed),
      "shape": .ints(shape.dimensions),
    ]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    GraphLimits.product(outputs[0].shape.elementCount, 32)
  }
}
