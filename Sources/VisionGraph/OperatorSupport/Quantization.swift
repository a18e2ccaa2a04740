package import VisionTensor
import VisionSystem

/// What QuantizeLinear and DequantizeLinear have in common: one scale and zero point for the whole tensor, one
/// for each slice along an axis, or one for each block of elements along it.
package struct Quantization {
  /// The types of quantized elements.
  package static let types = Set<ElementType>.float8.union([
    .int8, .uint8, .int16, .uint16, .int4, .uint4, .float4e2m1,
  ])

  /// The axis along which scales differ; negative counts from the end.
  let axis: Int
  /// The number of elements along the axis that share a scale; 0 where a slice does.
  let blockSize: Int

  /// Whether a shape means one number for the whole tensor: a scalar, or a one-element list, as some programs
  /// write it.
  package static func isPerTensor(_ shape: Shape) -> Bool { shape.rank <= 1 && shape.elementCount == 1 }

  /// Checks that scale and zero point fit x.
  ///
  /// If there is one for the whole tensor, each may be a scalar or a one-element list: `quantize_static` of
  /// ONNX Runtime gives biases a scale of shape [1] and a scalar zero point.
  func check(_ x: Shape, _ scale: Shape, _ zero: Shape?) throws(ShapeError) {
    if Self.isPerTensor(scale), zero.map(Self.isPerTensor) ?? true { return }
    if let zero, zero != scale { throw ShapeError("scale \(scale) and zero point \(zero) differ in shape") }
    let axis = try ShapeRule.axis(axis, rank: x.rank)
    if blockSize == 0 {
      guard scale == [x[axis]] else { throw ShapeError("scale \(scale) does not fit axis \(axis) of \(x)") }
      return
    }
    var expected = x
    expected[axis] = x[axis] / blockSize + (x[axis] % blockSize == 0 ? 0 : 1)
    guard scale == expected else {
      throw ShapeError("scale \(scale) does not fit blocks of \(blockSize) along axis \(axis) of \(x)")
    }
  }

  /// For every element of x, the position of its scale.
  func positions(_ x: Shape, _ scale: Shape) -> [Int] {
    var steps = [Int](repeating: 0, count: x.rank)
    if Self.isPerTensor(scale) { return Reference.indices(x, steps: steps) }
    let axis = axis < 0 ? axis + x.rank : axis
    if blockSize == 0 {
      steps[axis] = 1
      return Reference.indices(x, steps: steps)
    }
    let strides = scale.strides
    var result: [Int] = []
    result.reserveCapacity(x.elementCount)
    Reference.forEachCoordinate(x) { at in
      result.append(
        at.indices.reduce(0) { $0 + ($1 == axis ? at[$1] / blockSize : at[$1]) * strides[$1] })
    }
    return result
  }

  init(axis: Int, blockSize: Int) {
    self.axis = axis
    self.blockSize = blockSize
  }

  /// The attributes `axis` and `block_size`.
  init(_ node: ImportedNode) throws(GraphError) {
    let size = try node.int("block_size") ?? 0
    guard (0...(1 << 31)).contains(size) else {
      throw GraphError(.structure, "block_size \(size) is not possible", place: node.name)
    }
    self.init(axis: try node.int("axis") ?? 1, blockSize: size)
  }

  /// Both attributes; that of blocks only where there are some, since it is newer.
  var attributes: Attributes {
    var attributes: Attributes = ["axis": .int(axis)]
    if blockSize > 0 { attributes["block_size"] = .int(blockSize) }
    return attributes
  }

  /// Whether each sample along axis 0 has the same scales.
  func keepsSamplesApart(_ x: Fact?) -> Bool {
    blockSize == 0 && axis != 0 && axis != -(x?.shape.rank ?? 0)
  }
}
