import VisionSystem
import VisionTensor

/// Reads a JSON text value by value, so that large files need no tree in memory.
///
/// Strict: no comments, no trailing commas, no key twice in an object, at most 64 levels, and no numbers that
/// are not finite, which some programs write as `NaN`.
struct JSONReader {
  enum Kind { case object, array, string, number, bool, null }

  /// An object or array that is open.
  private struct Level {
    let isObject: Bool
    var isFirst = true
    var keys: Set<String> = []
  }

  /// The maximum number of objects and arrays in one another.
  static let maximumDepth = 64

  private let bytes: [UInt8]
  private let place: String
  private var position: Int
  private var levels: [Level] = []
  /// The line, from 1, of a position that was counted to before.
  private var counted = (position: 0, line: 1)

  /// - Parameters:
  ///   - bytes: the whole text in UTF-8; a byte order mark is skipped.
  ///   - place: the file, for errors.
  init(_ bytes: [UInt8], place: String) {
    (self.bytes, self.place) = (bytes, place)
    position = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
  }

  /// The line, from 1, that has been reached.
  var line: Int {
    mutating get {
      if position < counted.position { counted = (0, 1) }
      for byte in bytes[counted.position..<position] where byte == 0x0a { counted.line += 1 }
      counted.position = position
      return counted.line
    }
  }

  mutating func failure(_ message: String) -> DatasetError {
    DatasetError(.annotations, message, place: "\(place), line \(line)")
  }

  /// The kind of the value that comes next.
  mutating func kind() throws(DatasetError) -> Kind {
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "N"), UInt8(ascii: "I"): throw failure("a number is not finite")
    case nil: throw failure("the JSON text ends too early")
    case let byte? where byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte): return .number
    default: throw failure("this is no JSON value")
    }
  }

  mutating func enterObject() throws(DatasetError) { try enter(UInt8(ascii: "{"), "an object") }
  mutating func enterArray() throws(DatasetError) { try enter(UInt8(ascii: "["), "a list") }

  /// The key of the next member of the open object, whose value must be read then; nil at its end.
  mutating func nextKey() throws(DatasetError) -> String? {
    guard try advance(to: UInt8(ascii: "}")) else { return nil }
    skipSpace()
    let key = try string()
    guard levels[levels.count - 1].keys.insert(key).inserted else {
      throw failure("the key '\(NearestNames.printable(key))' is given twice")
    }
    skipSpace()
    guard current == UInt8(ascii: ":") else { throw failure("a colon is missing after a key") }
    position += 1
    return key
  }

  /// Whether the open list has another element, which must be read then.
  mutating func nextElement() throws(DatasetError) -> Bool { try advance(to: UInt8(ascii: "]")) }

  /// Checks that nothing but space follows the text's value.
  mutating func finish() throws(DatasetError) {
    skipSpace()
    if current != nil { throw failure("something follows the JSON text") }
  }

  mutating func string() throws(DatasetError) -> String {
    guard try kind() == .string else { throw failure("a text is wanted here") }
    position += 1
    let start = position
    while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
      position += 1
    }
    var text = Array(bytes[start..<position])
    while let byte = current, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw failure("a text has a control character") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        text.append(contentsOf: String(try escape()).utf8)
      } else {
        text.append(byte)
      }
    }
    guard current != nil else { throw failure("a text does not end") }
    position += 1
    guard let result = String(validating: text, as: UTF8.self) else { throw failure("a text is not UTF-8") }
    return result
  }

  /// A finite number.
  mutating func number() throws(DatasetError) -> Double {
    guard try kind() == .number else { throw failure("a number is wanted here") }
    guard let value = AnnotationNumber.parse(numberText()) else {
      throw failure("this is no finite number")
    }
    return value
  }

  mutating func bool() throws(DatasetError) -> Bool {
    guard try kind() == .bool else { throw failure("true or false is wanted here") }
    if skipWord("true") { return true }
    guard skipWord("false") else { throw failure("this is no JSON value") }
    return false
  }

  /// The text of a string or a number, which identifies something; whole numbers without a fraction.
  mutating func identifier() throws(DatasetError) -> String {
    if try kind() == .string { return try string() }
    let value = try number()
    return Int(exactly: value).map { "\($0)" } ?? "\(value)"
  }

  /// Whether a mark is set: true, false, null or a number.
  mutating func mark() throws(DatasetError) -> Bool {
    switch try kind() {
    case .bool: return try bool()
    case .number: return try number() != 0
    default:
      try skip()
      return false
    }
  }

  /// Skips the next value, whatever it is.
  mutating func skip() throws(DatasetError) {
    switch try kind() {
    case .object:
      try enterObject()
      while try nextKey() != nil { try skip() }
    case .array:
      try enterArray()
      while try nextElement() { try skip() }
    case .string: _ = try string()
    case .number: _ = try number()
    case .bool: _ = try bool()
    case .null: guard skipWord("null") else { throw failure("this is no JSON value") }
    }
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { position += 1 }
  }

  private mutating func enter(_ symbol: UInt8, _ name: String) throws(DatasetError) {
    skipSpace()
    guard current == symbol else { throw failure("\(name) is wanted here") }
    guard levels.count < Self.maximumDepth else {
      throw failure("more than \(Self.maximumDepth) objects and lists lie in one another")
    }
    position += 1
    levels.append(Level(isObject: symbol == UInt8(ascii: "{")))
  }

  /// Goes to the next entry of what is open; false, and leaves it, at its end.
  private mutating func advance(to end: UInt8) throws(DatasetError) -> Bool {
    skipSpace()
    guard let level = levels.last else { throw failure("nothing is open here") }
    if current == end {
      position += 1
      levels.removeLast()
      return false
    }
    if !level.isFirst {
      guard current == UInt8(ascii: ",") else {
        throw failure(current == nil ? "the JSON text ends too early" : "a comma is missing")
      }
      position += 1
    }
    levels[levels.count - 1].isFirst = false
    return true
  }

  private mutating func numberText() -> String {
    let start = position
    while let byte = current, AnnotationNumber.isPart(byte) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func skipWord(_ word: String) -> Bool {
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  private mutating func escape() throws(DatasetError) -> Character {
    guard let byte = current else { throw failure("a text does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xd800..<0xdc00).contains(code), bytes[position...].starts(with: "\\u".utf8) {
        position += 2
        let low = try hexadecimal()
        guard (0xdc00..<0xe000).contains(low) else { throw failure("a character is none") }
        code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("a character is none") }
      return Character(scalar)
    default: throw failure("an escape is unknown")
    }
  }

  private mutating func hexadecimal() throws(DatasetError) -> UInt32 {
    guard position + 4 <= bytes.count else { throw failure("a text does not end") }
    let digits = bytes[position..<position + 4]
    guard let text = String(validating: digits, as: UTF8.self), text.allSatisfy(\.isHexDigit),
      let code = UInt32(text, radix: 16)
    else { throw failure("a character is none") }
    position += 4
    return code
  }
}
