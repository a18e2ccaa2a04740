import VisionSystem
import VisionTensor

/// A Python literal as written by `str` or `repr`: YOLO's exports have such literals in a model's metadata.
indirect enum PythonLiteral {
  case none
  case bool(Bool)
  case number(String)
  case string(String)
  /// A list or a tuple.
  case list([PythonLiteral])
  case dictionary([(key: PythonLiteral, value: PythonLiteral)])

  /// The equivalent JSON; keys become texts.
  ///
  /// - Throws: `FormatError` when a key is neither a text nor a number, or occurs twice.
  func json() throws(FormatError) -> JSONText {
    switch self {
    case .none: return .null
    case .bool(let value): return .bool(value)
    case .number(let digits): return .number(digits)
    case .string(let text): return .string(text)
    case .list(let items):
      var values: [JSONText] = []
      for item in items { values.append(try item.json()) }
      return .array(values)
    case .dictionary(let members):
      var seen: Set<String> = []
      var result: [(key: String, value: JSONText)] = []
      for (key, value) in members {
        guard let name = key.key else { throw FormatError(.corrupt, "a key is neither a text nor a number") }
        guard seen.insert(name).inserted else {
          throw FormatError(.corrupt, "the key '\(name)' is given twice")
        }
        result.append((name, try value.json()))
      }
      return .object(result)
    }
  }

  private var key: String? {
    switch self {
    case .string(let text), .number(let text): text
    default: nil
    }
  }

  /// Parses a whole text; more than 16 levels of nesting are an error.
  init(_ text: String) throws(FormatError) {
    var parser = Parser(scalars: Array(text.unicodeScalars))
    self = try parser.value(depth: 0)
    guard parser.next == nil else { throw parser.error("something follows the literal") }
  }

  private struct Parser {
    let scalars: [Unicode.Scalar]
    var position = 0

    func error(_ message: String) -> FormatError {
      let line = scalars[..<min(position, scalars.count)].count { $0 == "\n" } + 1
      return FormatError(.corrupt, message, line: line)
    }

    /// The next character after whitespace; nil at the end.
    var next: Unicode.Scalar? {
      mutating get {
        while position < scalars.count, scalars[position].properties.isWhitespace { position += 1 }
        return position < scalars.count ? scalars[position] : nil
      }
    }

    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
      guard next == scalar else { return false }
      position += 1
      return true
    }

    mutating func value(depth: Int) throws(FormatError) -> PythonLiteral {
      guard depth < 16 else { throw error("the literal is nested too deeply") }
      switch next {
      case "{": return try dictionary(depth)
      case "[": return .list(try items(until: "]", depth))
      case "(": return .list(try items(until: ")", depth))
      case "'", "\"": return .string(try string())
      default: return try word()
      }
    }

    private mutating func dictionary(_ depth: Int) throws(FormatError) -> PythonLiteral {
      position += 1
      var members: [(key: PythonLiteral, value: PythonLiteral)] = []
      while !skip("}") {
        let key = try value(depth: depth + 1)
        guard skip(":") else { throw error("the literal wants ':' here") }
        members.append((key, try value(depth: depth + 1)))
        if skip(",") { continue }
        guard skip("}") else { throw error("the literal wants ',' or '}' here") }
        break
      }
      return .dictionary(members)
    }

    private mutating func items(until end: Unicode.Scalar, _ depth: Int) throws(FormatError)
      -> [PythonLiteral]
    {
      position += 1
      var items: [PythonLiteral] = []
      while !skip(end) {
        items.append(try value(depth: depth + 1))
        if skip(",") { continue }
        guard skip(end) else { throw error("the literal wants ',' or '\(end)' here") }
        break
      }
      return items
    }

    private mutating func word() throws(FormatError) -> PythonLiteral {
      let start = position
      while position < scalars.count, scalars[position].isASCII,
        scalars[position].properties.isAlphabetic
          || "0123456789+-._".unicodeScalars.contains(scalars[position])
      {
        position += 1
      }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars[start..<position])
      switch String(text) {
      case "None": return .none
      case "True": return .bool(true)
      case "False": return .bool(false)
      case let digits where Double(digits)?.isFinite == true: return .number(digits)
      default:
        position = start
        throw error("is no literal")
      }
    }

    private mutating func string() throws(FormatError) -> String {
      let mark = scalars[position]
      position += 1
      var text = String.UnicodeScalarView()
      while position < scalars.count, scalars[position] != mark {
        let scalar = scalars[position]
        position += 1
        if scalar == "\\" {
          if let escaped = try escape() { text.append(escaped) }
        } else if scalar == "\n" {
          throw error("a text does not end")
        } else {
          text.append(scalar)
        }
      }
      guard position < scalars.count else { throw error("a text does not end") }
      position += 1
      return String(text)
    }

    /// The character of an escape after a backslash; nil for a line continuation.
    private mutating func escape() throws(FormatError) -> Unicode.Scalar? {
      guard position < scalars.count else { throw error("a text does not end") }
      let scalar = scalars[position]
      position += 1
      switch scalar {
      case "\n": return nil
      case "\\", "'", "\"": return scalar
      case "n": return "\n"
      case "r": return "\r"
      case "t": return "\t"
      case "x": return try hexadecimal(2)
      case "u": return try hexadecimal(4)
      case "U": return try hexadecimal(8)
      default: throw error("an escape is unknown")
      }
    }

    private mutating func hexadecimal(_ count: Int) throws(FormatError) -> Unicode.Scalar {
      var code: UInt32 = 0
      for _ in 0..<count {
        guard position < scalars.count, scalars[position].isASCII,
          let digit = Character(scalars[position]).hexDigitValue
        else { throw error("a character is none") }
        code = code << 4 | UInt32(digit)
        position += 1
      }
      guard let scalar = Unicode.Scalar(code) else { throw error("a character is none") }
      return scalar
    }
  }
}
