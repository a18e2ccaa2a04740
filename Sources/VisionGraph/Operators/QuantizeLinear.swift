import VisionSystem
public import VisionTensor

/// y = saturate(round(x / scale) + zero point), rounded with ties to even. ONNX QuantizeLinear, opset 13.
///
/// Inputs: x floating-point or int32; scale, one number or one for each slice along `axis`; optional zero
/// point of the shape of the scale ([] and [1] both mean one number for the tensor). The zero point's type is
/// that of y: int8, uint8, int16 or uint16; uint8 without a zero point.
public struct QuantizeLinear: Operator {
  public static let name = "QuantizeLinear"
  public static let constantInputs: Set = [1, 2]
  /// The axis along which scales differ; negative counts from the end.
  public var axis: Int

  public init(axis: Int = 1) { self.axis = axis }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats.union([.int32]))
    let scale = try ShapeRule.required(inputs, 1, types: .floats)
    let zero = try ShapeRule.optional(inputs, 2, types: Quantization.types)
    try Quantization.check(x.shape, scale.shape, zero?.shape, axis: axis)
    return [Fact(zero?.type ?? .uint8, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let x = try Reference.required(inputs, 0)
    let scale = try Reference.required(inputs, 1)
    let (numbers, scales) = (x.doubles, scale.doubles)
    let zeros = Reference.optional(inputs, 2)?.doubles
    let isDouble = scale.elementType == .float64
    var result: [Double] = []
    result.reserveCapacity(numbers.count)
    for (index, place) in Quantization.positions(x.shape, scale.shape, axis: axis).enumerated() {
      let exact = numbers[index] / scales[place]
      // The quotient is converted to float32 before rounding, which matters for ties.
      let quotient = isDouble ? exact : Double(Float(exact))
      result.append(quotient.rounded(.toNearestOrEven) + (zeros?[place] ?? 0))
    }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  public func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? {
    axis == 0 || axis == -(inputs[0]?.shape.rank ?? 0) ? nil : [0]
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    // `saturate` only concerns 8-bit floats.
    try node.allowAttributes(["axis", "block_size", "output_dtype", "precision", "saturate"])
    try node.allowInputs(atMost: 3)
    let axis = try Quantization.axis(node)
    if let precision = try node.int("precision"), precision != 0, precision != ElementType.float32.onnx {
      throw node.unsupported("precision \(ElementType.onnxName(precision))")
    }
    var inputs: [Value?] = [try node.input(0), try node.input(1), node.optionalInput(2)]
    if let number = try node.int("output_dtype"), number != 0 {
      guard let type = ElementType(onnx: number), Quantization.types.contains(type),
        inputs[2].map({ $0.fact.type == type }) ?? true
      else { throw node.unsupported("output_dtype \(ElementType.onnxName(number))") }
      if inputs[2] == nil {
        let shape = try node.input(1).shape
        let zeros = Tensor(repeating: Int8(0), shape: shape).converted(to: type)
        inputs[2] = graph.constant(zeros, name: "\(node.name).zero_point")
      }
    }
    return try graph.add(QuantizeLinear(axis: axis), inputs, name: node.name)
  }

  public var attributes: Attributes { ["axis": .int(axis)] }
}
