/// The items of a flow collection in YAML, `[a, b]` or `{0: a, 1: b}`, which may extend over several lines.
struct LabelYAMLFlow {
  /// The line of the opening bracket.
  let line: Int
  /// Whether it is a map.
  private(set) var isMap = false

  private var items: [(text: String, line: Int)] = []
  private var text = ""
  private var textLine = 0
  /// The last non-blank character of `text`; nil if there is none.
  private var lastContent: Character?
  private var isOpen = false
  private var isClosed = false
  /// The quotation mark of the scalar being read; nil outside quotation marks.
  private var mark: Character?
  private var isEscaped = false

  init(line: Int) { self.line = line }

  /// The texts between the commas, with their lines.
  func closed() throws(FormatError) -> [(text: String, line: Int)] {
    guard isClosed else { throw FormatError(.corrupt, "the bracket is not closed", line: line) }
    return items
  }

  /// Reads a line; returns true if the collection has ended.
  mutating func read(_ content: Substring, _ number: Int) throws(FormatError) -> Bool {
    var previous: Character = " "
    for character in content {
      defer { previous = character }
      if mark != nil {
        quoted(character)
        continue
      }
      if character == "#", previous.isWhitespace { break }
      if isClosed {
        guard character.isWhitespace else {
          throw FormatError(.corrupt, "something follows the closing bracket", line: number)
        }
      } else if !isOpen {
        isOpen = true
        isMap = character == "{"
      } else {
        try plain(character, number)
      }
    }
    if mark != nil { throw FormatError(.corrupt, "the quotation mark is not closed", line: number) }
    if !isClosed { text.append(" ") }
    return isClosed
  }

  private mutating func quoted(_ character: Character) {
    text.append(character)
    lastContent = character
    if isEscaped {
      isEscaped = false
    } else if character == "\\", mark == "\"" {
      isEscaped = true
    } else if character == mark {
      mark = nil
    }
  }

  private mutating func plain(_ character: Character, _ number: Int) throws(FormatError) {
    switch character {
    case "[", "{": throw FormatError(.corrupt, "names are nested", line: number)
    case ",": append(number)
    case "]", "}":
      guard (character == "}") == isMap else {
        throw FormatError(.corrupt, "'\(character)' closes what it has not opened", line: number)
      }
      // A comma is allowed before the closing bracket.
      if lastContent != nil { append(number) }
      isClosed = true
    default:
      if lastContent == nil { textLine = number }
      // In single quotation marks, two marks mean one: the scalar closes and immediately opens again.
      if character == "'" || character == "\"", opens(character) { mark = character }
      text.append(character)
      if !character.isWhitespace { lastContent = character }
    }
  }

  /// Whether a quotation mark begins a scalar, unlike the one inside a plain scalar such as "it's".
  private func opens(_ character: Character) -> Bool {
    lastContent == nil || (isMap && lastContent == ":") || (character == "'" && text.last == "'")
  }

  private mutating func append(_ number: Int) {
    items.append((text, lastContent == nil ? number : textLine))
    text = ""
    lastContent = nil
  }
}
