package import VisionTensor

/// What QuantizeLinear and DequantizeLinear have in common: one scale and zero point for the whole tensor, or
/// one for each slice along an axis.
package enum Quantization {
  /// The types of quantized elements.
  package static let types: Set<ElementType> = [.int8, .uint8, .int16, .uint16]

  /// Whether a shape means one number for the whole tensor: a scalar, or a one-element list, as some programs
  /// write it.
  package static func isPerTensor(_ shape: Shape) -> Bool { shape.rank <= 1 && shape.elementCount == 1 }

  /// Checks that scale and zero point fit x.
  ///
  /// If there is one for the whole tensor, each may be a scalar or a one-element list: `quantize_static` of
  /// ONNX Runtime gives biases a scale of shape [1] and a scalar zero point.
  package static func check(_ x: Shape, _ scale: Shape, _ zero: Shape?, axis: Int) throws(ShapeError) {
    if isPerTensor(scale), zero.map(isPerTensor) ?? true { return }
    if let zero, zero != scale { throw ShapeError("scale \(scale) and zero point \(zero) differ in shape") }
    let axis = try ShapeRule.axis(axis, rank: x.rank)
    guard scale == [x[axis]] else { throw ShapeError("scale \(scale) does not fit axis \(axis) of \(x)") }
  }

  /// For every element of x, the position of its scale.
  package static func positions(_ x: Shape, _ scale: Shape, axis: Int) -> [Int] {
    var steps = [Int](repeating: 0, count: x.rank)
    if scale.elementCount != 1 { steps[axis < 0 ? axis + x.rank : axis] = 1 }
    return Reference.indices(x, steps: steps)
  }

  /// The attribute `axis`; throws for the blocked quantization of opset 21.
  package static func axis(_ node: ImportedNode) throws(GraphError) -> Int {
    if let size = try node.int("block_size"), size != 0 { throw node.unsupported("block_size \(size)") }
    return try node.int("axis") ?? 1
  }
}
