import VisionSystem

/// The value of an attribute of a TensorFlow node (`AttrValue`, tensorflow/core/framework/attr_value.proto).
enum FrozenAttribute {
  case text(String)
  case int(Int)
  case float(Float)
  case bool(Bool)
  case type(Int)
  /// Extents, -1 for open ones; nil if their number is open.
  case shape([Int]?)
  case tensor(FrozenTensor)
  case ints([Int])
  /// A kind that no supported operation needs.
  case other

  static func read(_ bytes: ByteRange) throws(FormatError) -> FrozenAttribute {
    var value = FrozenAttribute.other
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 1: value = try list(field.message())
      // Texts of other encodings occur in attributes that nothing reads.
      case 2: value = .text(try field.message().string ?? "")
      case 3: value = .int(try field.int())
      case 4: value = .float(try field.float())
      case 5: value = .bool(try field.int() != 0)
      case 6: value = .type(try field.int())
      case 7: value = .shape(try FrozenShape.dimensions(try field.message()))
      case 8: value = .tensor(try FrozenTensor(field.message()))
      default: break
      }
    }
    return value
  }

  private static func list(_ bytes: ByteRange) throws(FormatError) -> FrozenAttribute {
    var ints: [Int] = []
    var isInts = true
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      if field.number == 3 { try field.append(to: &ints) } else { isInts = false }
    }
    return isInts ? .ints(ints) : .other
  }
}
