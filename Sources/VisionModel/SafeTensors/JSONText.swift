import VisionSystem
import VisionTensor

/// A JSON value; the members of objects keep the order of the text.
package indirect enum JSONText: Sendable {
  case null
  case bool(Bool)
  /// The number as written in the text.
  case number(String)
  case string(String)
  case array([JSONText])
  case object([(key: String, value: JSONText)])

  package var string: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  /// The value, if it is an integer of 64 bits.
  package var integer: Int? {
    if case .number(let digits) = self { return Int(digits) }
    return nil
  }

  package var array: [JSONText]? {
    if case .array(let items) = self { return items }
    return nil
  }

  /// The value, if it is a number.
  package var double: Double? {
    if case .number(let digits) = self { return Double(digits) }
    return nil
  }

  /// The member with that name, if the value is an object that has it.
  package subscript(key: String) -> JSONText? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// A number, with enough digits to reproduce the same bits; null if it is not finite.
  package init(_ number: Double) { self = number.isFinite ? .number("\(number)") : .null }

  package init(_ number: Int) { self = .number("\(number)") }

  /// The value as a text without spaces.
  package var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let digits): digits
    case .string(let text): Self.quoted(text)
    case .array(let items): "[" + items.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { "\(Self.quoted($0.key)):\($0.value.text)" }.joined(separator: ",") + "}"
    }
  }

  /// The text as a JSON string, in quotation marks.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// Parses a whole text.
  /// Duplicate keys and more than 32 levels of nesting are errors.
  package init(_ bytes: ByteRange) throws(FormatError) {
    var parser = Parser(bytes: bytes)
    self = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.error("something follows the JSON text") }
  }

  private struct Parser {
    let bytes: ByteRange
    var position = 0

    func error(_ message: String) -> FormatError { bytes.error(.corrupt, message, at: position) }

    mutating func skipSpace() {
      while let byte = bytes[position], byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
    }

    mutating func skip(_ symbol: UInt8) -> Bool {
      skipSpace()
      guard bytes[position] == symbol else { return false }
      position += 1
      return true
    }

    mutating func expect(_ symbol: UInt8) throws(FormatError) {
      guard skip(symbol) else {
        throw error("expected '\(Character(Unicode.Scalar(symbol)))'")
      }
    }

    mutating func value(depth: Int) throws(FormatError) -> JSONText {
      guard depth < 32 else {
        throw bytes.error(.tooLarge, "the JSON text is nested too deeply", at: position)
      }
      skipSpace()
      switch bytes[position] {
      case 0x7B: return try object(depth)
      case 0x5B: return try array(depth)
      case 0x22: return .string(try string())
      default: return try word()
      }
    }

    private mutating func object(_ depth: Int) throws(FormatError) -> JSONText {
      try expect(0x7B)
      var members: [(key: String, value: JSONText)] = []
      var seen: Set<String> = []
      if skip(0x7D) { return .object([]) }
      repeat {
        skipSpace()
        let key = try string()
        guard seen.insert(key).inserted else { throw error("the key '\(key)' is given twice") }
        try expect(0x3A)
        members.append((key, try value(depth: depth + 1)))
      } while skip(0x2C)
      try expect(0x7D)
      return .object(members)
    }

    private mutating func array(_ depth: Int) throws(FormatError) -> JSONText {
      try expect(0x5B)
      if skip(0x5D) { return .array([]) }
      var items: [JSONText] = []
      repeat { items.append(try value(depth: depth + 1)) } while skip(0x2C)
      try expect(0x5D)
      return .array(items)
    }

    private mutating func word() throws(FormatError) -> JSONText {
      let start = position
      while let byte = bytes[position],
        (0x61...0x7A).contains(byte) || (0x2B...0x39).contains(byte) || byte == 0x45,
        byte != 0x2C
      {
        position += 1
      }
      switch bytes.slice(start, position - start)?.string ?? "" {
      case "null": return .null
      case "true": return .bool(true)
      case "false": return .bool(false)
      case let digits where Double(digits)?.isFinite == true: return .number(digits)
      default:
        position = start
        throw error("is no JSON value")
      }
    }

    private mutating func string() throws(FormatError) -> String {
      try expect(0x22)
      var text: [UInt8] = []
      while let byte = bytes[position], byte != 0x22 {
        position += 1
        if byte == 0x5C {
          text.append(contentsOf: String(try escape()).utf8)
        } else if byte < 0x20 {
          throw error("a text has a control character")
        } else {
          text.append(byte)
        }
      }
      try expect(0x22)
      guard let result = String(validating: text, as: UTF8.self) else { throw error("a text is not UTF-8") }
      return result
    }

    private mutating func escape() throws(FormatError) -> Character {
      guard let byte = bytes[position] else { throw error("a text does not end") }
      position += 1
      switch byte {
      case 0x22: return "\""
      case 0x5C: return "\\"
      case 0x2F: return "/"
      case 0x62: return "\u{8}"
      case 0x66: return "\u{C}"
      case 0x6E: return "\n"
      case 0x72: return "\r"
      case 0x74: return "\t"
      case 0x75:
        var code = try hexadecimal()
        if (0xD800..<0xDC00).contains(code), bytes[position] == 0x5C, bytes[position + 1] == 0x75 {
          position += 2
          let low = try hexadecimal()
          guard (0xDC00..<0xE000).contains(low) else { throw error("a character is none") }
          code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw error("a character is none") }
        return Character(scalar)
      default: throw error("an escape is unknown")
      }
    }

    private mutating func hexadecimal() throws(FormatError) -> UInt32 {
      guard let digits = bytes.slice(position, 4)?.string, digits.allSatisfy(\.isHexDigit),
        let code = UInt32(digits, radix: 16)
      else { throw error("a character is none") }
      position += 4
      return code
    }
  }
}
