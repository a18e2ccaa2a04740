public import VisionTensor

/// y = (x − zero point) · scale. ONNX DequantizeLinear, opset 13, with the types and blocks of opset 21, the types of y of
/// opset 23 and the scales of opset 24.
///
/// Inputs: x, an integer of 4, 8 or 16 bits, int32, or a float of 4 or 8 bits; scale, floating-point (powers of two, too):
/// one number, one for each slice along `axis`, or one for each block along it; optional zero point of the type of x and
/// the shape of the scale ([] and [1] both mean one number for the tensor). The type of y is that of the scale where none
/// is given.
public struct DequantizeLinear: Operator {
  public static let name = "DequantizeLinear"
  public static let constantInputs: Set = [1, 2]
  /// The axis along which scales differ; negative counts from the end.
  public var axis: Int
  /// The number of elements along the axis that share a scale; 0 where a slice does.
  public var blockSize: Int
  /// The type of y; nil for that of the scale.
  public var type: ElementType?

  public init(axis: Int = 1, blockSize: Int = 0, type: ElementType? = nil) {
    self.axis = axis
    self.blockSize = blockSize
    self.type = type
  }

  private var quantization: Quantization { Quantization(axis: axis, blockSize: blockSize) }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: Quantization.types.union([.int32]))
    let scale = try ShapeRule.required(inputs, 1, types: .floats.union([.float8e8m0]))
    let zero = try ShapeRule.optional(inputs, 2, types: [x.type])
    try quantization.check(x.shape, scale.shape, zero?.shape)
    guard type != nil || scale.type != .float8e8m0 else {
      throw ShapeError("scales that are powers of two do not say the type of the result")
    }
    return [Fact(type ?? scale.type, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let x = try Reference.required(inputs, 0)
    let scale = try Reference.required(inputs, 1)
    let (numbers, scales) = (x.doubles, scale.doubles)
    let zeros = Reference.optional(inputs, 2)?.doubles
    let result = zip(numbers, quantization.positions(x.shape, scale.shape)).map { number, place in
      (number - (zeros?[place] ?? 0)) * scales[place]
    }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  public func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? {
    quantization.keepsSamplesApart(inputs[0]) ? [0] : nil
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis", "block_size", "output_dtype"])
    try node.allowInputs(atMost: 3)
    let quantization = try Quantization(node)
    var op = DequantizeLinear(axis: quantization.axis, blockSize: quantization.blockSize)
    if let number = try node.int("output_dtype"), number != 0 {
      guard let type = ElementType(onnx: number), Set<ElementType>.floats.contains(type) else {
        throw node.unsupported("output_dtype \(ElementType.onnxName(number))")
      }
      if try node.input(1).fact.type != type { op.type = type }
    }
    return try graph.add(op, node.inputs, name: node.name)
  }

  public func minimumOpset(_ inputs: [Fact?]) -> Int {
    if type != nil { return 23 }
    if blockSize > 0 || inputs[0]?.type == .int16 || inputs[0]?.type == .uint16 { return 21 }
    return inputs[1]?.type == .float32 ? 0 : 19
  }

  public var attributes: Attributes {
    var attributes = quantization.attributes
    if let type { attributes["output_dtype"] = .int(type.onnx) }
    return attributes
  }
}
