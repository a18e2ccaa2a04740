import VisionSystem

/// Reads a `TensorShapeProto` (tensorflow/core/framework/tensor_shape.proto).
enum FrozenShape {
  /// The extents, -1 for open ones; nil if not even their number is known.
  static func dimensions(_ bytes: ByteRange) throws(FormatError) -> [Int]? {
    var result: [Int] = []
    var isUnknown = false
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 2:
        var extent = 0
        var inner = ProtobufReader(try field.message())
        while let part = try inner.next() {
          if part.number == 1 { extent = try part.int() }
        }
        guard extent >= -1, result.count < TensorLimits.rank else {
          throw bytes.error(.corrupt, "the shape has an axis of \(extent), or too many axes")
        }
        result.append(extent)
      case 3: isUnknown = try field.int() != 0
      default: break
      }
    }
    return isUnknown ? nil : result
  }
}
