import VisionSystem
import VisionTensor

/// Reads the fields of one message in the protobuf wire format one after the other, without copying.
///
/// Source: "Encoding", the protobuf documentation.
struct ProtobufReader {
  /// One field: its number and payload.
  struct Field {
    enum Payload {
      case varint(UInt64)
      /// A number of eight bytes.
      case fixed64(UInt64)
      /// A string, bytes, a message, or packed numbers.
      case bytes
      /// A number of four bytes.
      case fixed32(UInt32)
    }
    let number: Int
    let payload: Payload
    /// The bytes of the payload.
    let range: ByteRange
  }

  private let bytes: ByteRange
  private var position = 0

  init(_ bytes: ByteRange) { self.bytes = bytes }

  /// The next field, or nil at the end.
  mutating func next() throws(FormatError) -> Field? {
    guard position < bytes.count else { return nil }
    let start = position
    let key = try varint()
    let number = key >> 3
    guard number > 0, number < 1 << 29 else { throw bytes.error(.corrupt, "is no protobuf field", at: start) }
    let begin = position
    switch key & 7 {
    case 0:
      let value = try varint()
      return Field(number: Int(number), payload: .varint(value), range: try range(begin, position - begin))
    case 1:
      let range = try take(8)
      return Field(
        number: Int(number), payload: .fixed64(range.integer(0, as: UInt64.self) ?? 0), range: range)
    case 2:
      let length = try varint()
      guard let count = Int(exactly: length) else {
        throw bytes.error(.corrupt, "a field claims \(length) bytes", at: start)
      }
      return Field(number: Int(number), payload: .bytes, range: try take(count))
    case 5:
      let range = try take(4)
      return Field(
        number: Int(number), payload: .fixed32(range.integer(0, as: UInt32.self) ?? 0), range: range)
    default: throw bytes.error(.corrupt, "has the unknown protobuf wire type \(key & 7)", at: start)
    }
  }

  /// The next variable-length number, or nil at the end.
  mutating func nextVarint() throws(FormatError) -> UInt64? { position < bytes.count ? try varint() : nil }

  private mutating func varint() throws(FormatError) -> UInt64 {
    let start = position
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while let byte = bytes[position] {
      position += 1
      guard shift < 63 || byte <= 1 else { throw bytes.error(.corrupt, "a number is too long", at: start) }
      result |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return result }
      shift += 7
    }
    throw bytes.error(.truncated, "ends inside a number", at: start)
  }

  private mutating func take(_ count: Int) throws(FormatError) -> ByteRange {
    let range = try range(position, count)
    position += count
    return range
  }

  private func range(_ start: Int, _ count: Int) throws(FormatError) -> ByteRange {
    guard let range = bytes.slice(start, count) else {
      throw bytes.error(
        .truncated, "a field of \(count) bytes has only \(bytes.count - start) left", at: start,
        remedy: "the file may be cut off or no model at all; fetch it again")
    }
    return range
  }
}

extension ProtobufReader.Field {
  /// The value of an `int64`, `int32`, `bool` or `enum` field.
  func int() throws(FormatError) -> Int {
    guard case .varint(let value) = payload else { throw wrongType("an integer") }
    return Int(truncatingIfNeeded: value)
  }

  func float() throws(FormatError) -> Float {
    guard case .fixed32(let bits) = payload else { throw wrongType("a float") }
    return Float(bitPattern: bits)
  }

  func string() throws(FormatError) -> String {
    guard let string = try message().string else {
      throw range.error(.corrupt, "field \(number) is no UTF-8 text")
    }
    return string
  }

  /// The bytes of a `bytes`, `string` or message field.
  func message() throws(FormatError) -> ByteRange {
    guard case .bytes = payload else { throw wrongType("a message") }
    return range
  }

  /// Appends the numbers of a repeated integer field, packed or not.
  func append(to list: inout [Int]) throws(FormatError) {
    switch payload {
    case .varint(let value): list.append(Int(truncatingIfNeeded: value))
    case .bytes:
      var reader = ProtobufReader(range)
      while let value = try reader.nextVarint() { list.append(Int(truncatingIfNeeded: value)) }
    default: throw wrongType("a list of integers")
    }
  }

  /// Appends the numbers of a repeated float field, packed or not.
  func append(to list: inout [Float]) throws(FormatError) {
    let bytes = try fixed(4)
    for index in stride(from: 0, to: bytes.count, by: 4) {
      list.append(Float(bitPattern: bytes.integer(index, as: UInt32.self) ?? 0))
    }
  }

  /// The bytes of a repeated field of fixed-size numbers, packed or not.
  func fixed(_ size: Int) throws(FormatError) -> ByteRange {
    switch payload {
    case .fixed32 where size == 4, .fixed64 where size == 8: return range
    case .bytes where range.count % size == 0: return range
    default: throw wrongType("a list of numbers of \(size) bytes")
    }
  }

  private func wrongType(_ expected: String) -> FormatError {
    range.error(.corrupt, "protobuf field \(number) is not \(expected)")
  }
}
