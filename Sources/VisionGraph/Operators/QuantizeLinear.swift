import VisionSystem
public import VisionTensor

/// y = saturate(round(x / scale) + zero point), rounded with ties to even. ONNX QuantizeLinear, opset 13, with the types
/// and blocks of opset 21, the precision of opset 23 and the scales of opset 24.
///
/// Inputs: x floating-point or int32; scale, floating-point (powers of two, too) or int32: one number, one for each slice
/// along `axis`, or one for each block along it; optional zero point of the shape of the scale ([] and [1] both mean one
/// number for the tensor). The zero point's type is that of y: an integer of 4, 8 or 16 bits, or a float of 4 or 8, which
/// is rounded once, from quotient + zero point; uint8 without a zero point.
public struct QuantizeLinear: Operator {
  public static let name = "QuantizeLinear"
  public static let constantInputs: Set = [1, 2]
  /// The axis along which scales differ; negative counts from the end.
  public var axis: Int
  /// The number of elements along the axis that share a scale; 0 where a slice does.
  public var blockSize: Int
  /// The type in which x is divided by the scale; nil for float32, or float64 where the scale is that.
  public var precision: ElementType?

  /// Whether numbers out of the range of a float of 8 bits become the largest one, not infinity or NaN.
  public var saturates: Bool

  public init(axis: Int = 1, blockSize: Int = 0, precision: ElementType? = nil, saturates: Bool = true) {
    self.axis = axis
    self.blockSize = blockSize
    self.precision = precision
    self.saturates = saturates
  }

  private var quantization: Quantization { Quantization(axis: axis, blockSize: blockSize) }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let types = Set<ElementType>.floats.union([.int32])
    let x = try ShapeRule.required(inputs, 0, types: types)
    let scale = try ShapeRule.required(inputs, 1, types: types.union([.float8e8m0]))
    let zero = try ShapeRule.optional(inputs, 2, types: Quantization.types)
    try quantization.check(x.shape, scale.shape, zero?.shape)
    return [Fact(zero?.type ?? .uint8, x.shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let x = try Reference.required(inputs, 0)
    let scale = try Reference.required(inputs, 1)
    let precision = precision ?? (scale.elementType == .float64 ? .float64 : .float32)
    let (numbers, scales) = (Self.rounded(x, self.precision), Self.rounded(scale, self.precision))
    let zeros = Reference.optional(inputs, 2)?.doubles
    let places = quantization.positions(x.shape, scale.shape)
    // The quotient is converted before rounding, which matters for ties.
    let exact = zip(numbers, places).map { $0 / scales[$1] }
    let quotients = Tensor(doubles: exact, shape: x.shape, elementType: precision).doubles
    if fact.type.isFloatingPoint {
      let sums = zip(quotients, places).map { $0 + (zeros?[$1] ?? 0) }
      return [Cast(to: fact.type, saturates: saturates).cast(Tensor(sums, shape: x.shape))]
    }
    let result = zip(quotients, places).map { $0.rounded(.toNearestOrEven) + (zeros?[$1] ?? 0) }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  private static func rounded(_ x: Tensor, _ type: ElementType?) -> [Double] {
    type.map { x.converted(to: $0).doubles } ?? x.doubles
  }

  public func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? {
    quantization.keepsSamplesApart(inputs[0]) ? [0] : nil
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["axis", "block_size", "output_dtype", "precision", "saturate"])
    try node.allowInputs(atMost: 3)
    let quantization = try Quantization(node)
    var inputs: [Value?] = [try node.input(0), try node.input(1), node.optionalInput(2)]
    let scale = try node.input(1)
    if let number = try node.int("output_dtype"), number != 0 {
      guard let type = ElementType(onnx: number), Quantization.types.contains(type),
        inputs[2].map({ $0.fact.type == type }) ?? true
      else { throw node.unsupported("output_dtype \(ElementType.onnxName(number))") }
      if inputs[2] == nil {
        let zeros = Tensor(repeating: Float(0), shape: scale.shape).converted(to: type)
        inputs[2] = graph.constant(zeros, name: "\(node.name).zero_point")
      }
    }
    let op = QuantizeLinear(
      axis: quantization.axis, blockSize: quantization.blockSize,
      precision: try precision(node, scale.fact.type), saturates: try node.flag("saturate", default: true))
    return try graph.add(op, inputs, name: node.name)
  }

  /// From opset 23 on, x is divided in the precision of the scale, or in one that is given.
  private static func precision(_ node: ImportedNode, _ scale: ElementType) throws(GraphError) -> ElementType?
  {
    let number = try node.int("precision") ?? 0
    if number == 0 { return node.opset >= 23 && [.float16, .bfloat16].contains(scale) ? scale : nil }
    guard let type = ElementType(onnx: number), [.float32, .float16, .bfloat16].contains(type) else {
      throw node.unsupported("precision \(ElementType.onnxName(number))")
    }
    return type == .float32 && scale == .float32 ? nil : type
  }

  public func minimumOpset(_ inputs: [Fact?]) -> Int {
    let (x, scale) = (inputs[0]?.type, inputs[1]?.type)
    if precision != nil || x != scale && x != .int32 || scale == .int32 { return 23 }
    let type = inputs.count > 2 ? inputs[2]?.type ?? .uint8 : .uint8
    if blockSize > 0 || [.int16, .uint16].contains(type) { return 21 }
    return x == .float16 || x == .bfloat16 || !saturates ? 19 : 0
  }

  public var attributes: Attributes {
    var attributes = quantization.attributes
    if let precision { attributes["precision"] = .int(precision.onnx) }
    if !saturates { attributes["saturate"] = .int(0) }
    return attributes
  }
}
