/// JSON to be written, its keys in the order given.
public indirect enum JSON: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  /// A number with the digits of single precision.
  case float(Float)
  case string(String)
  case array([JSON])
  case object([(String, JSON)])
  /// JSON text that was made elsewhere.
  case verbatim(String)

  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements) }

  /// On one line.
  public var text: String {
    var text = ""
    append(to: &text)
    return text
  }

  /// Over many lines, two spaces a level; arrays of numbers stay on one.
  public var indented: String {
    var text = ""
    append(to: &text, indentation: 0)
    return text
  }

  private var isScalar: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private func append(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? "\(value)" : "null"
    case .float(let value): text += value.isFinite ? "\(value)" : "null"
    case .string(let value): Self.append(value, to: &text)
    case .verbatim(let value): text += value
    case .array(let elements): Self.list("[", elements.map { (nil, $0) }, "]", to: &text)
    case .object(let members): Self.list("{", members.map { ($0.0, $0.1) }, "}", to: &text)
    }
  }

  private static func list(
    _ open: String, _ elements: [(String?, JSON)], _ close: String, to text: inout String
  ) {
    text += open
    for (index, (key, value)) in elements.enumerated() {
      if index > 0 { text += ", " }
      if let key {
        append(key, to: &text)
        text += ": "
      }
      value.append(to: &text)
    }
    text += close
  }

  private func append(to text: inout String, indentation: Int) {
    let elements: [(String?, JSON)]
    let brackets: (String, String)
    switch self {
    case .array(let values) where !values.allSatisfy(\.isScalar):
      (elements, brackets) = (values.map { (nil, $0) }, ("[", "]"))
    case .object(let members) where !members.isEmpty:
      (elements, brackets) = (members.map { ($0.0, $0.1) }, ("{", "}"))
    default:
      append(to: &text)
      return
    }
    let margin = String(repeating: " ", count: indentation + 2)
    text += brackets.0
    for (index, (key, value)) in elements.enumerated() {
      text += index > 0 ? ",\n\(margin)" : "\n\(margin)"
      if let key {
        Self.append(key, to: &text)
        text += ": "
      }
      value.append(to: &text, indentation: indentation + 2)
    }
    text += "\n" + margin.dropLast(2) + brackets.1
  }

  private static func append(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<"\u{20}", "\u{7f}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

/// Equal when they are the same text.
extension JSON: Hashable {
  public static func == (a: JSON, b: JSON) -> Bool { a.text == b.text }

  public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
