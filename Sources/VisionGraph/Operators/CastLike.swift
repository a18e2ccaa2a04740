public import VisionTensor

/// The elements of x in the type of the second input, converted as by `Cast`. ONNX CastLike, opset 15.
public struct CastLike: Operator {
  public static let name = "CastLike"
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    return [Fact(try ShapeRule.required(inputs, 1).type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    [Cast.cast(try Reference.required(inputs, 0), to: try Reference.required(inputs, 1).elementType)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (index, x) throws(GraphError) in
      index == 0 ? try node.add(Cast(to: x.fact.type), node.gradient) : nil
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    // `saturate` and `round_mode` only concern 8-bit floats, which tensors cannot hold.
    let ignored: Set = node.opset < 19 ? [] : node.opset < 24 ? ["saturate"] : ["round_mode", "saturate"]
    try node.allowAttributes(ignored)
    try node.allowInputs(atMost: 2)
    return try graph.add(CastLike(), node.inputs, name: node.name)
  }
}
