public import VisionTensor

/// The elements of x in the type of the second input, converted as by `Cast`. ONNX CastLike, opset 15.
public struct CastLike: Operator {
  public static let name = "CastLike"
  /// Whether numbers out of the range of a float of 8 bits become the largest one, not infinity or NaN.
  public var saturates: Bool
  /// How numbers become powers of two, the elements of `float8e8m0`.
  public var rounding: ExponentRounding

  public init(saturates: Bool = true, rounding: ExponentRounding = .up) {
    self.saturates = saturates
    self.rounding = rounding
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0)
    return [Fact(try ShapeRule.required(inputs, 1).type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let type = try Reference.required(inputs, 1).elementType
    return try Cast(to: type, saturates: saturates, rounding: rounding).evaluate([inputs[0]])
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (index, x) throws(GraphError) in
      index == 0 ? try node.add(Cast(to: x.fact.type), node.gradient) : nil
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    let (saturates, rounding) = try Cast.settings(node, [])
    try node.allowInputs(atMost: 2)
    return try graph.add(CastLike(saturates: saturates, rounding: rounding), node.inputs, name: node.name)
  }

  public func minimumOpset(_ inputs: [Fact?]) -> Int { rounding != .up ? 24 : saturates ? 0 : 19 }

  public var attributes: Attributes { Cast.attributes(saturates: saturates, rounding: rounding) }
}
