public import VisionTensor

/// y = x for x ≥ 0, slope · x for x < 0. ONNX PRelu, opset 16. Source: He et al. 2015.
///
/// Inputs: x, slope that broadcasts to x, both of one floating-point type, or of 32- or 64-bit integers, which wrap.
public struct PRelu: Operator {
  public static let name = "PRelu"
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .summable)
    let slope = try ShapeRule.required(inputs, 1, types: [x.type])
    guard slope.shape.broadcast(with: x.shape) == x.shape else {
      throw ShapeError("slope \(slope.shape) does not broadcast to input \(x.shape)")
    }
    return [Fact(x.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let slope = try Reference.required(inputs, 1)
    _ = try resolved(inputs)
    let places = Reference.indices(of: slope.shape, broadcastTo: x.shape)
    if !x.elementType.isFloatingPoint {
      let slopes = slope.wrappedIntegers
      let result = zip(x.wrappedIntegers, places).map {
        $0 < 0 && !x.elementType.isUnsigned ? $0 &* slopes[$1] : $0
      }
      return [Tensor(wrapping: result, shape: x.shape, elementType: x.elementType)]
    }
    let slopes = slope.doubles
    let result = zip(x.doubles, places).map {
      $0 < 0 ? $0 * slopes[$1] : $0
    }
    return [Tensor(doubles: result, shape: x.shape, elementType: x.elementType)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.add(PReluGradient(), [node.gradient, node.input(0), node.input(1)])
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    return [try graph.add(PRelu(), node.input(0), node.input(1), name: node.name)]
  }
}
