import VisionSystem
import VisionTensor

/// The bytes of a pickle, read one after the other.
struct PickleBytes {
  let range: ByteRange
  /// The byte after the last one read.
  private(set) var position: Int

  init(_ range: ByteRange, at position: Int) {
    self.range = range
    self.position = position
  }

  mutating func byte() throws(FormatError) -> UInt8 { try number(UInt8.self) }

  mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) throws(FormatError)
    -> Number
  {
    guard let value = range.integer(position, as: type) else {
      throw range.error(.truncated, "the pickle is cut off", at: position)
    }
    position += MemoryLayout<Number>.size
    return value
  }

  mutating func count<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) throws(FormatError)
    -> Int
  {
    let start = position
    let value = try number(type)
    guard let count = Int(exactly: value), count >= 0 else {
      throw range.error(.corrupt, "\(value) is no length", at: start)
    }
    return count
  }

  mutating func take(_ count: Int) throws(FormatError) -> ByteRange {
    guard let taken = range.slice(position, count) else {
      throw range.error(.truncated, "\(count) bytes of the pickle are missing", at: position)
    }
    position += count
    return taken
  }

  mutating func text(_ count: Int) throws(FormatError) -> String {
    let taken = try take(count)
    guard let text = taken.string else { throw taken.error(.corrupt, "a text is not UTF-8") }
    return text
  }

  /// Text up to the end of the line; names longer than 1024 bytes are none.
  mutating func line() throws(FormatError) -> String {
    let start = position
    while let byte = range[position], byte != 0x0A, position - start < 1024 { position += 1 }
    guard range[position] == 0x0A, let text = range.slice(start, position - start)?.string else {
      throw range.error(.corrupt, "a name is cut off", at: start)
    }
    position += 1
    return text
  }

  /// Why an instruction that is none of data is not run.
  static func refusal(of code: UInt8) -> String {
    let names: [UInt8: String] = [
      0x6F: "OBJ", 0x92: "NEWOBJ_EX", 0x82: "EXT1", 0x83: "EXT2", 0x84: "EXT4", 0x50: "PERSID",
      0x97: "NEXT_BUFFER", 0x98: "READONLY_BUFFER", 0x49: "INT", 0x4C: "LONG", 0x46: "FLOAT",
      0x53: "STRING", 0x56: "UNICODE", 0x67: "GET", 0x70: "PUT",
    ]
    return "the pickle instruction \(names[code] ?? String(code)) is refused"
  }
}
