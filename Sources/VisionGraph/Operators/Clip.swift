public import VisionTensor

/// y = min(max(x, low), high); NaN stays. ONNX Clip, opset 13.
///
/// Inputs: x, optional scalars low and high of the type of x, any numbers; where low > high, y = high.
public struct Clip: Operator {
  public static let name = "Clip"
  public static let constantInputs: Set = [1, 2]
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .numbers)
    for index in 1...2 {
      if let bound = try ShapeRule.optional(inputs, index, types: [x.type]),
        bound.shape.checkedElementCount != 1
      {
        throw ShapeError("the bound \(bound.shape) (input \(index)) must be a scalar")
      }
    }
    return [Fact(x.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    _ = try resolved(inputs)
    let low = Reference.optional(inputs, 1)
    let high = Reference.optional(inputs, 2)
    if x.elementType.isFloatingPoint {
      let (low, high) = (low?.doubles[0] ?? -.infinity, high?.doubles[0] ?? .infinity)
      let result = x.doubles.map { $0.isNaN ? $0 : min(max($0, low), high) }
      return [Tensor(doubles: result, shape: x.shape, elementType: x.elementType)]
    }
    if let wide = x.values(as: UInt64.self) {
      let low = low?.values(as: UInt64.self)?[0] ?? .min
      let high = high?.values(as: UInt64.self)?[0] ?? .max
      return [Tensor(wide.map { min(max($0, low), high) }, shape: x.shape)]
    }
    let (lower, upper) = (low?.integers[0] ?? .min, high?.integers[0] ?? .max)
    let result = x.integers.map { min(max($0, lower), upper) }
    return [Tensor(wrapping: result, shape: x.shape, elementType: x.elementType)]
  }

  public func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [0] }

  public func elementFunction(_ inputs: [Fact?]) -> ElementFunction? {
    Self.bounds(inputs).map { ElementFunction(.clip, $0.low, $0.high) }
  }

  /// The bounds, if they are constants; absent bounds are infinite.
  private static func bounds(_ inputs: [Fact?]) -> (low: Float, high: Float)? {
    var bounds: [Float] = [-.infinity, .infinity]
    for index in 1...2 where index < inputs.count {
      guard let fact = inputs[index] else { continue }
      guard let value = fact.value, value.elementCount == 1 else { return nil }
      bounds[index - 1] = value.floats[0]
    }
    return (bounds[0], bounds[1])
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    if node.isWanted(1) || node.isWanted(2) { throw node.notDifferentiable("bounds") }
    return [
      try node.add(
        ClipGradient(), node.gradient, node.input(0), node.inputs.count > 1 ? node.inputs[1] : nil,
        node.inputs.count > 2 ? node.inputs[2] : nil)
    ]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    let x = try node.input(0)
    if node.opset >= 11 {
      try node.allowAttributes([])
      return [try graph.add(Clip(), x, node.optionalInput(1), node.optionalInput(2), name: node.name)]
    }
    try node.allowAttributes(["consumed_inputs", "max", "min"])
    var bounds: [Value?] = []
    for attribute in ["min", "max"] {
      bounds.append(
        try node.float(attribute).map {
          graph.constant(
            Tensor(doubles: [Double($0)], shape: [], elementType: x.fact.type),
            name: "\(node.name).\(attribute)")
        })
    }
    return [try graph.add(Clip(), x, bounds[0], bounds[1], name: node.name)]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int { 2 * outputs[0].shape.elementCount }
}
