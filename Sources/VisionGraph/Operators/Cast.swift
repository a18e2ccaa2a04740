import VisionSystem
public import VisionTensor

/// The elements of x in another type. ONNX Cast, opset 13.
/// Numbers are rounded to nearest, ties to even, when cast to floats; floats are truncated and saturated when
/// cast to integers; integers keep their low bits when cast to integers; a cast to bool gives whether the
/// element differs from 0.
public struct Cast: Operator {
  public static let name = "Cast"
  /// The type of the result.
  public var type: ElementType

  public init(to type: ElementType) { self.type = type }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    [Fact(type, try ShapeRule.required(inputs, 0).shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    [Self.cast(try Reference.required(inputs, 0), to: type)]
  }

  static func cast(_ x: Tensor, to type: ElementType) -> Tensor {
    if type == .uint64, x.elementType.isFloatingPoint {
      // `Int` does not cover the range of uint64.
      return Tensor(
        x.doubles.map { UInt64(exactly: $0.rounded(.towardZero)) ?? ($0 > 0 ? .max : 0) }, shape: x.shape)
    }
    if x.elementType.isFloatingPoint || type.isFloatingPoint || type == .bool { return x.converted(to: type) }
    return Tensor(wrapping: x.wrappedIntegers, shape: x.shape, elementType: type)
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (index, x) throws(GraphError) in
      index == 0 ? try node.add(Cast(to: x.fact.type), node.gradient) : nil
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    // `saturate` and `round_mode` only concern 8-bit floats, which tensors cannot hold.
    let ignored: Set = node.opset < 19 ? [] : node.opset < 24 ? ["saturate"] : ["round_mode", "saturate"]
    try node.allowAttributes(ignored.union(["to"]))
    try node.allowInputs(atMost: 1)
    guard let number = try node.int("to") else {
      throw GraphError(.structure, "Cast lacks its target type", place: node.name)
    }
    guard let type = ElementType(onnx: number) else {
      throw node.unsupported("casting to \(ElementType.onnxName(number))")
    }
    return try graph.add(Cast(to: type), node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["to": .int(type.onnx)] }
}
