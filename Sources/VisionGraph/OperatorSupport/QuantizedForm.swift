import VisionTensor
import VisionSystem

/// Writes an operator on quantized tensors as DequantizeLinear → operator on numbers → QuantizeLinear: the form
/// that other files have from the start and that passes turn into operators on bytes.
struct QuantizedForm {
  let node: ImportedNode
  let graph: GraphBuilder

  /// Whether the inputs at these positions, where present, are constants, those with fractions in float32.
  func isKnown(_ positions: [Int]) -> Bool {
    positions.allSatisfy { position in
      guard let fact = node.optionalInput(position)?.fact else { return true }
      return fact.value != nil && (fact.type == .float32 || !fact.type.isFloatingPoint)
    }
  }

  /// The numbers that a quantized tensor means.
  ///
  /// - Parameters:
  ///   - value: the tensor, or nil for the input at position `x`.
  ///   - axis: the axis along which scales differ.
  func numbers(_ x: Int, scale: Int, zero: Int, axis: Int = 1, value: Value? = nil) throws(GraphError)
    -> Value
  {
    let (given, scale) = (try node.input(x), try node.input(scale))
    let zero = zeroPoint(zero, like: scale, type: given.fact.type)
    return try graph.add(
      DequantizeLinear(axis: axis), value ?? given, scale, zero, name: "\(node.name).input\(x)")
  }

  /// The numbers that integers in units of `scales` mean.
  func numbers(_ integers: Value, scales: [Float], shape: Shape, axis: Int) throws(GraphError) -> Value {
    let scales = graph.constant(Tensor(scales, shape: shape), name: "\(node.name).bias_scale")
    return try graph.add(DequantizeLinear(axis: axis), integers, scales, name: "\(node.name).bias")
  }

  /// Numbers quantized with one scale.
  ///
  /// - Parameter type: the type of the result without a zero point.
  func quantized(_ y: Value, scale: Int, zero: Int, type: ElementType) throws(GraphError) -> Value {
    let scale = try node.input(scale)
    let zero = zeroPoint(zero, like: scale, type: type)
    return try graph.add(QuantizeLinear(), y, scale, zero, name: node.name)
  }

  private func zeroPoint(_ position: Int, like scale: Value, type: ElementType) -> Value {
    if let zero = node.optionalInput(position) { return zero }
    let zeros = Tensor(repeating: UInt8(0), shape: scale.shape).converted(to: type)
    return graph.constant(zeros, name: "\(node.name).zero_point")
  }
}
