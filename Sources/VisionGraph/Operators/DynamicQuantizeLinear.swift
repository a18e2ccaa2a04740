import VisionSystem
public import VisionTensor

/// x as bytes over the range of its elements and 0. ONNX DynamicQuantizeLinear, opset 11.
///
/// Input: x float32. Outputs: y uint8 of the shape of x, its scale (float32) and its zero point (uint8), both scalars.
/// All arithmetic is in float32; where all elements are 0, or there is none, the scale is 1/255.
public struct DynamicQuantizeLinear: Operator {
  public static let name = "DynamicQuantizeLinear"
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: [.float32])
    return [Fact(.uint8, x.shape), Fact(.float32, []), Fact(.uint8, [])]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let x = try Reference.required(inputs, 0)
    let result = Self.quantized(x.floats)
    return [Tensor(result.bytes, shape: x.shape), Tensor(scalar: result.scale), Tensor(scalar: result.zero)]
  }

  /// Bytes with their scale and zero point.
  static func quantized(_ numbers: [Float]) -> (bytes: [UInt8], scale: Float, zero: UInt8) {
    let high = numbers.reduce(Float(0)) { $1 > $0 ? $1 : $0 }
    let low = numbers.reduce(Float(0)) { $1 < $0 ? $1 : $0 }
    let scale = (high == low ? 1 : high - low) / 255
    let zero = min(max(-low / scale, 0), 255).rounded(.toNearestOrEven)
    let bytes = numbers.map { number in
      let level = (number / scale).rounded(.toNearestOrEven) + zero
      return UInt8(saturating: min(max(level, 0), 255))
    }
    return (bytes, scale, UInt8(saturating: zero))
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes([])
    try node.allowInputs(atMost: 1)
    return try graph.add(DynamicQuantizeLinear(), node.inputs, name: node.name)
  }
}
