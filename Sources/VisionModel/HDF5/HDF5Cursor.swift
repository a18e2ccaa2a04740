import VisionSystem
import VisionTensor

/// Reads the fields of an HDF5 structure one after the other.
struct HDF5Cursor {
  let bytes: ByteRange
  private(set) var position = 0

  init(_ bytes: ByteRange) { self.bytes = bytes }

  var isAtEnd: Bool { position >= bytes.count }
  var remaining: Int { max(bytes.count - position, 0) }

  private var end: FormatError { bytes.error(.truncated, "the structure ends too early", at: position) }

  mutating func integer<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) throws(FormatError)
    -> Number
  {
    guard let number = bytes.integer(position, as: type) else { throw end }
    position += MemoryLayout<Number>.size
    return number
  }

  mutating func byte() throws(FormatError) -> Int { Int(try integer(UInt8.self)) }
  mutating func short() throws(FormatError) -> Int { Int(try integer(UInt16.self)) }
  mutating func word() throws(FormatError) -> Int { Int(try integer(UInt32.self)) }

  /// A length or count of 8 bytes.
  mutating func length() throws(FormatError) -> Int {
    let number = try integer(UInt64.self)
    guard let length = Int(exactly: number) else {
      throw bytes.error(.tooLarge, "the length \(number) is impossible", at: position - 8)
    }
    return length
  }

  /// A place in the file; nil where there is none.
  mutating func address() throws(FormatError) -> Int? {
    let number = try integer(UInt64.self)
    if number == .max { return nil }
    guard let address = Int(exactly: number) else {
      throw bytes.error(.corrupt, "the address \(number) is impossible", at: position - 8)
    }
    return address
  }

  /// A number of 1, 2, 4 or 8 bytes.
  mutating func number(ofBytes count: Int) throws(FormatError) -> Int {
    switch count {
    case 1: try byte()
    case 2: try short()
    case 4: try word()
    default: try length()
    }
  }

  mutating func part(_ count: Int) throws(FormatError) -> ByteRange {
    guard let part = bytes.slice(position, count) else { throw end }
    position += count
    return part
  }

  mutating func skip(_ count: Int) throws(FormatError) { _ = try part(count) }

  /// Skips to a multiple of 8 from the structure's first byte.
  mutating func align() throws(FormatError) { try skip((8 - position % 8) % 8) }

  /// Checks the four letters that a structure begins with.
  mutating func expect(_ signature: String) throws(FormatError) {
    let start = position
    guard let letters = bytes.slice(start, 4), letters.array == Array(signature.utf8) else {
      throw bytes.error(.corrupt, "the structure does not begin with \(signature)", at: start)
    }
    position += 4
  }

  /// Checks a version.
  mutating func expect(version: Int, of what: String) throws(FormatError) {
    let found = try byte()
    guard found == version else {
      throw bytes.error(
        .unsupported, "version \(found) of \(what) is not supported", at: position - 1)
    }
  }
}
