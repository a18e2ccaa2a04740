import VisionSystem
public import VisionTensor

/// What HannWindow, HammingWindow and BlackmanWindow have in common: a₀ − a₁·cos(2πn/N) + a₂·cos(4πn/N) for each sample n, where N
/// is the number of samples, or one less if the window is symmetric. A window of one sample is 1.
///
/// Input: the number of samples, one int32 or int64 number, known before the run.
public protocol CosineWindow: Operator {
  /// a₀, a₁ and a₂.
  static var coefficients: (Double, Double, Double) { get }
  /// Whether the window is a period of a function, not symmetric.
  var isPeriodic: Bool { get }
  /// The type of the result, any numbers.
  var type: ElementType { get }
  init(isPeriodic: Bool, type: ElementType)
}

extension CosineWindow {
  public static var constantInputs: Set<Int> { [0] }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    _ = try ShapeRule.required(inputs, 0, types: .indices)
    let size = try ShapeRule.constant(inputs, 0, "the number of samples") ?? []
    guard size.count == 1, type != .bool else {
      throw ShapeError("the number of samples must be one number, and the type one of numbers")
    }
    return [Fact(type, try ShapeRule.shape(size, "the window"))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let count = fact.shape[0]
    let period = Double(isPeriodic ? count : count - 1)
    let (a, b, c) = Self.coefficients
    let samples = (0..<count).map { index in
      let angle = 2 * Double.pi * Double(index) / period
      return count == 1 ? 1 : a - b * Libm.cos(angle) + c * Libm.cos(2 * angle)
    }
    return [Tensor(doubles: samples, shape: fact.shape, elementType: fact.type)]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["output_datatype", "periodic"])
    try node.allowInputs(atMost: 1)
    let op = Self(
      isPeriodic: try node.flag("periodic", default: true),
      type: try node.type("output_datatype", in: .numbers) ?? .float32)
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes {
    ["output_datatype": .int(type.onnx), "periodic": .int(isPeriodic ? 1 : 0)]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    GraphLimits.product(outputs[0].shape.elementCount, 32)
  }
}
