import VisionSystem
import VisionTensor

/// Reads an XML text event by event.
///
/// Strict where it matters: elements must be closed in order, attributes quoted and given once. Comments and
/// processing instructions are skipped. Not read: document types, and so no entities but the five of XML and
/// numbered characters. The text must be UTF-8, or UTF-16 with a byte order mark or ASCII at its beginning.
struct XMLReader {
  enum Event: Hashable {
    case start(String, [Attribute])
    case end(String)
    /// Text between tags, with entities resolved; never only space.
    case text(String)
  }

  struct Attribute: Hashable {
    let name: String
    let value: String
  }

  /// The maximum number of elements in one another.
  static let maximumDepth = 64
  /// The maximum number of attributes of an element.
  static let maximumAttributes = 64

  let place: String
  private let bytes: [UInt8]
  private var position = 0
  private var open: [String] = []
  /// The name of an element without content, whose end comes next.
  private var pending: String?
  private var isRootRead = false
  private var counted = (position: 0, line: 1)

  /// - Throws: `DatasetError` if the bytes are not text in a known encoding.
  init(_ bytes: [UInt8], place: String) throws(DatasetError) {
    self.place = place
    do {
      self.bytes = Array(try DecodedText(bytes).string.utf8)
    } catch {
      throw DatasetError(
        .annotations, error.message, place: "\(place), line \(error.line)", remedy: "save it in UTF-8")
    }
  }

  /// The line, from 1, that has been reached.
  var line: Int {
    mutating get {
      for byte in bytes[counted.position..<max(position, counted.position)] where byte == 0x0a {
        counted.line += 1
      }
      counted.position = max(position, counted.position)
      return counted.line
    }
  }

  mutating func failure(_ message: String, remedy: String? = nil) -> DatasetError {
    DatasetError(.annotations, message, place: "\(place), line \(line)", remedy: remedy)
  }

  /// The next event; nil at the end of the text.
  mutating func next() throws(DatasetError) -> Event? {
    if let name = pending {
      pending = nil
      return .end(name)
    }
    while position < bytes.count {
      if bytes[position] != UInt8(ascii: "<") {
        if let text = try text() { return .text(text) }
      } else if starts("<!--") {
        try skip(4, past: "-->", "a comment")
      } else if starts("<?") {
        try skip(2, past: "?>", "a processing instruction")
      } else if starts("<![CDATA[") {
        guard !open.isEmpty else { throw failure("there is text outside of the root element") }
        let start = position + 9
        try skip(9, past: "]]>", "a CDATA section")
        return .text(String(decoding: bytes[start..<position - 3], as: UTF8.self))
      } else if starts("<!") {
        throw failure("document types and entities are not read", remedy: "remove the <!DOCTYPE …>")
      } else if starts("</") {
        return try end()
      } else {
        return try start()
      }
    }
    if let name = open.last {
      throw failure("the element '\(NearestNames.printable(name))' is not closed")
    }
    guard isRootRead else { throw failure("there is no element") }
    return nil
  }

  /// Skips the rest of the element that was started last.
  mutating func skipElement() throws(DatasetError) {
    var depth = 1
    while depth > 0, let event = try next() {
      switch event {
      case .start: depth += 1
      case .end: depth -= 1
      case .text: continue
      }
    }
  }

  /// The text of the element that was started last, without space around it. Elements inside are refused.
  mutating func elementText() throws(DatasetError) -> String {
    var result = ""
    while let event = try next() {
      switch event {
      case .text(let text): result += text
      case .end: return Self.trimmed(result)
      case .start(let name, _):
        throw failure("an element '\(NearestNames.printable(name))' is not expected here")
      }
    }
    return Self.trimmed(result)
  }

  static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return String(scalars[first...last])
  }

  private func starts(_ text: StaticString) -> Bool {
    guard position + text.utf8CodeUnitCount <= bytes.count else { return false }
    return text.withUTF8Buffer { bytes[position..<position + $0.count].elementsEqual($0) }
  }

  private mutating func skip(_ count: Int, past end: StaticString, _ what: String) throws(DatasetError) {
    let start = position
    position += count
    while position < bytes.count {
      if starts(end) {
        position += end.utf8CodeUnitCount
        return
      }
      position += 1
    }
    position = start
    throw failure("\(what) does not end")
  }

  /// Text up to the next tag; nil if it is only space.
  private mutating func text() throws(DatasetError) -> String? {
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "<") { position += 1 }
    guard bytes[start..<position].contains(where: { !Self.isSpace($0) }) else { return nil }
    guard !open.isEmpty else { throw failure("there is text outside of the root element") }
    return try resolved(bytes[start..<position])
  }

  private mutating func start() throws(DatasetError) -> Event {
    position += 1
    let name = try name()
    guard open.isEmpty == false || !isRootRead else { throw failure("there is a second root element") }
    guard open.count < Self.maximumDepth else {
      throw failure("more than \(Self.maximumDepth) elements lie in one another")
    }
    isRootRead = true
    var attributes: [Attribute] = []
    while true {
      let isSpaced = skipSpace()
      if starts("/>") {
        position += 2
        pending = name
        return .start(name, attributes)
      }
      if starts(">") {
        position += 1
        open.append(name)
        return .start(name, attributes)
      }
      guard position < bytes.count else { throw failure("a tag does not end") }
      guard isSpaced else { throw failure("a space is missing in a tag") }
      guard attributes.count < Self.maximumAttributes else {
        throw failure("an element has more than \(Self.maximumAttributes) attributes")
      }
      let attribute = try attribute()
      guard !attributes.contains(where: { $0.name == attribute.name }) else {
        throw failure("the attribute '\(NearestNames.printable(attribute.name))' is given twice")
      }
      attributes.append(attribute)
    }
  }

  private mutating func attribute() throws(DatasetError) -> Attribute {
    let name = try name()
    _ = skipSpace()
    guard starts("=") else { throw failure("an attribute has no value") }
    position += 1
    _ = skipSpace()
    guard position < bytes.count, case let quote = bytes[position],
      quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
    else { throw failure("the value of an attribute is not in quotation marks") }
    position += 1
    let start = position
    while position < bytes.count, bytes[position] != quote {
      guard bytes[position] != UInt8(ascii: "<") else { throw failure("an attribute holds '<'") }
      position += 1
    }
    guard position < bytes.count else { throw failure("the value of an attribute does not end") }
    position += 1
    return Attribute(name: name, value: try resolved(bytes[start..<position - 1]))
  }

  private mutating func end() throws(DatasetError) -> Event {
    position += 2
    let name = try name()
    _ = skipSpace()
    guard starts(">") else { throw failure("a closing tag does not end") }
    guard open.last == name else {
      let wanted = open.last.map { "'\(NearestNames.printable($0))' is open" } ?? "none is open"
      throw failure("the element '\(NearestNames.printable(name))' is closed, but \(wanted)")
    }
    position += 1
    open.removeLast()
    return .end(name)
  }

  private mutating func name() throws(DatasetError) -> String {
    let start = position
    while position < bytes.count, Self.isName(bytes[position]) { position += 1 }
    guard position > start, position - start <= 256, !Self.isInner(bytes[start]) else {
      throw failure("a tag has no valid name")
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// The text with its entities replaced.
  private mutating func resolved(_ raw: ArraySlice<UInt8>) throws(DatasetError) -> String {
    guard raw.contains(UInt8(ascii: "&")) else { return String(decoding: raw, as: UTF8.self) }
    var (result, index) = ([UInt8](), raw.startIndex)
    while index < raw.endIndex {
      guard raw[index] == UInt8(ascii: "&") else {
        result.append(raw[index])
        index += 1
        continue
      }
      guard let end = raw[index...].prefix(12).firstIndex(of: UInt8(ascii: ";")),
        let text = Self.entity(String(decoding: raw[index + 1..<end], as: UTF8.self))
      else { throw failure("an entity is unknown", remedy: "write '&' as &amp;") }
      result.append(contentsOf: text.utf8)
      index = end + 1
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func entity(_ name: String) -> String? {
    switch name {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard name.hasPrefix("#") else { return nil }
      let isHexadecimal = name.hasPrefix("#x")
      let digits = name.dropFirst(isHexadecimal ? 2 : 1)
      guard !digits.isEmpty, digits.allSatisfy(\.isHexDigit),
        let code = UInt32(digits, radix: isHexadecimal ? 16 : 10), let scalar = Unicode.Scalar(code),
        code >= 0x20 || code == 9 || code == 10 || code == 13
      else { return nil }
      return String(scalar)
    }
  }

  private mutating func skipSpace() -> Bool {
    let start = position
    while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    return position > start
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
  }

  /// Bytes of other scripts are allowed in names without a look at which characters they are.
  private static func isName(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":") || isInner(byte)
      || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
  }

  /// Whether a name may not begin with the byte.
  private static func isInner(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
  }
}
