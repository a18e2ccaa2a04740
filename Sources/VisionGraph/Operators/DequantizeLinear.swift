public import VisionTensor

/// y = (x − zero point) · scale. ONNX DequantizeLinear, opset 13.
///
/// Inputs: x int8, uint8, int16, uint16 or int32; scale, floating-point, one number or one for each slice
/// along `axis`, whose type is also that of y; optional zero point of the type of x and the shape of the
/// scale ([] and [1] both mean one number for the tensor).
public struct DequantizeLinear: Operator {
  public static let name = "DequantizeLinear"
  public static let constantInputs: Set = [1, 2]
  /// The axis along which scales differ; negative counts from the end.
  public var axis: Int

  public init(axis: Int = 1) { self.axis = axis }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: Quantization.types.union([.int32]))
    let scale = try ShapeRule.required(inputs, 1, types: .floats)
    let zero = try ShapeRule.optional(inputs, 2, types: [x.type])
    try Quantization.check(x.shape, scale.shape, zero?.shape, axis: axis)
    return [Fact(scale.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let x = try Reference.required(inputs, 0)
    let scale = try Reference.required(inputs, 1)
    let (numbers, scales) = (x.doubles, scale.doubles)
    let zeros = Reference.optional(inputs, 2)?.doubles
    var result: [Double] = []
    result.reserveCapacity(numbers.count)
    for (index, place) in Quantization.positions(x.shape, scale.shape, axis: axis).enumerated() {
      result.append((numbers[index] - (zeros?[place] ?? 0)) * scales[place])
    }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  public func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? {
    axis == 0 || axis == -(inputs[0]?.shape.rank ?? 0) ? nil : [0]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis", "block_size", "output_dtype"])
    try node.allowInputs(atMost: 3)
    let op = DequantizeLinear(axis: try Quantization.axis(node))
    if let number = try node.int("output_dtype"), number != 0,
      number != (try node.input(1)).fact.type.onnx
    {
      throw node.unsupported("output_dtype \(ElementType.onnxName(number))")
    }
    return try graph.add(op, node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["axis": .int(axis)] }
}
