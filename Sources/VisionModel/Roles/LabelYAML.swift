import VisionSystem
import VisionTensor

/// Labels in YAML: the key `names` with a list or a map, as in the `data.yaml` of YOLO.
///
/// It reads a subset: block and flow lists and maps of scalars, plain or quoted, and comments. Anything else
/// under `names` is an error with its line; other keys are ignored, except `nc`, the number of classes.
struct LabelYAML {
  private typealias Line = (number: Int, text: Substring)

  private var lines: [Line]
  private var position = 0

  /// The names; nil if no line begins with the key `names` and the lines are not all list items with a dash.
  static func names(in text: String) throws(FormatError) -> [String]? {
    let lines: [Line] = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated().map { ($0 + 1, $1) }
    let keys = lines.indices.filter { value(of: "names", in: lines[$0].text) != nil }
    guard let first = keys.first else {
      let content = lines.filter { !isBlank($0.text) && !$0.text.hasPrefix("---") }
      if content.count > 1, content.allSatisfy({ $0.text.hasPrefix("- ") }) {
        var reader = LabelYAML(lines: content)
        return try reader.blockEntries()
      }
      // Read as lines of text, these would become labels such as "path: x".
      let margin = content.filter { $0.text.first?.isWhitespace == false && !$0.text.hasPrefix("-") }
      guard let first = margin.first, margin.allSatisfy({ isKey($0.text) }) else { return nil }
      throw error("this is YAML without the key 'names' at its margin", first.number)
    }
    guard keys.count == 1 else {
      throw error("the key 'names' is given twice", lines[keys[1]].number)
    }
    var reader = LabelYAML(lines: lines, position: first)
    let names = try reader.names()
    for line in lines {
      guard let value = value(of: "nc", in: line.text), let count = Int(scalarText(value)) else { continue }
      guard count == names.count else {
        throw error("nc says \(count) classes, but there are \(names.count) names", line.number)
      }
    }
    return names
  }

  private init(lines: [Line], position: Int = 0) {
    self.lines = lines
    self.position = position
  }

  private mutating func names() throws(FormatError) -> [String] {
    let line = lines[position]
    let value = Self.trimmedStart(Self.value(of: "names", in: line.text) ?? "")
    if value.first == "[" || value.first == "{" {
      // A flow collection may continue over several lines.
      lines[position].text = value
      return try flowEntries()
    }
    guard Self.isBlank(value) else {
      throw Self.error("'names' is neither a list nor a map of names", line.number)
    }
    position += 1
    return try blockEntries()
  }

  // MARK: Block lists and maps

  private mutating func blockEntries() throws(FormatError) -> [String] {
    var indentation: Int?
    var list: [LabelList.Entry] = []
    var map: [LabelList.NumberedEntry] = []
    for line in lines[position...] where !Self.isBlank(line.text) {
      let content = Self.trimmedStart(line.text)
      let depth = line.text.count - content.count
      let isItem = content == "-" || content.hasPrefix("- ")
      // A list may start in the first column, a map may not.
      if depth == 0 && !isItem { break }
      guard line.text.prefix(depth).allSatisfy({ $0 == " " }) else {
        throw Self.error("lines are indented by blanks, not by tabs", line.number)
      }
      guard depth == indentation ?? depth else {
        throw Self.error(
          "the line is indented by \(depth) blanks, the first one by \(indentation ?? 0)", line.number)
      }
      indentation = depth
      let place = LabelList.Place.line(line.number)
      if isItem, map.isEmpty {
        list.append((try Self.scalar(content.dropFirst(), line.number), place))
      } else if !isItem, list.isEmpty {
        let (key, value) = try Self.pair(content, line.number)
        guard let index = Int(key) else {
          throw Self.error("'\(key)' is no number of a class", line.number)
        }
        map.append((index, try Self.scalar(value, line.number), place))
      } else {
        throw Self.error("a list and a map are mixed", line.number)
      }
    }
    return map.isEmpty ? try LabelList.checked(list) : try LabelList.ordered(map)
  }

  /// A key, and the text after its colon.
  private static func pair(_ text: Substring, _ line: Int) throws(FormatError) -> (String, Substring) {
    var colon = text.startIndex
    if let mark = text.first, mark == "'" || mark == "\"" {
      colon = text.dropFirst().firstIndex(of: mark) ?? text.startIndex
    }
    while let next = text[colon...].firstIndex(of: ":") {
      let after = text.index(after: next)
      if after == text.endIndex || text[after].isWhitespace {
        return (try scalar(text[..<next], line), text[after...])
      }
      colon = after
    }
    throw error("the line is neither '- name' nor 'number: name'", line)
  }

  // MARK: Flow lists and maps

  private mutating func flowEntries() throws(FormatError) -> [String] {
    var flow = LabelYAMLFlow(line: lines[position].number)
    for line in lines[position...] {
      if try flow.read(line.text, line.number) { break }
    }
    let items = try flow.closed()
    guard flow.isMap else {
      var list: [LabelList.Entry] = []
      for item in items { list.append((try Self.scalar(item.text[...], item.line), .line(item.line))) }
      return try LabelList.checked(list)
    }
    var map: [LabelList.NumberedEntry] = []
    for item in items {
      let (key, value) = try Self.pair(Self.trimmedStart(item.text[...]), item.line)
      guard let index = Int(key) else { throw Self.error("'\(key)' is no number of a class", item.line) }
      map.append((index, try Self.scalar(value, item.line), .line(item.line)))
    }
    return try LabelList.ordered(map)
  }

  // MARK: Scalars

  private static func scalar(_ text: Substring, _ line: Int) throws(FormatError) -> String {
    let content = LabelList.trimmed(text)
    switch content.first {
    case "'", "\"": return try quoted(content, line)
    case nil: return ""
    case "#": return ""
    case "&", "*", "!", "|", ">", "@", "`", "%", "[", "{", "?":
      throw error("'\(content)' is YAML that is not read here", line, "put the name in quotation marks")
    default: break
    }
    let plain = scalarText(text)
    if plain == "~" || plain == "null" { return "" }
    // In YAML, this would be a map inside the list.
    if plain.hasSuffix(":") || plain.contains(": ") {
      throw error("'\(plain)' is a map, not a name", line, "put the name in quotation marks")
    }
    return plain
  }

  /// A plain scalar without a trailing comment.
  private static func scalarText(_ text: Substring) -> String {
    var end = text.endIndex
    var previous: Character = " "
    for index in text.indices {
      if text[index] == "#", previous.isWhitespace {
        end = index
        break
      }
      previous = text[index]
    }
    return LabelList.trimmed(text[..<end])
  }

  private static func quoted(_ text: String, _ line: Int) throws(FormatError) -> String {
    let mark = text.first ?? "'"
    var inner = ""
    var rest = text.dropFirst()
    while let character = rest.popFirst() {
      if character == mark {
        if mark == "'", rest.first == "'" {
          inner.append("'")
          rest.removeFirst()
          continue
        }
        let after = trimmedStart(rest)
        guard after.isEmpty || (after.first == "#" && rest.first?.isWhitespace == true) else {
          throw error("something follows the quotation mark", line)
        }
        return inner
      }
      if mark == "\"", character == "\\" {
        inner.append(try escape(&rest, line))
      } else {
        inner.append(character)
      }
    }
    throw error("the quotation mark is not closed", line)
  }

  private static func escape(_ rest: inout Substring, _ line: Int) throws(FormatError) -> Character {
    guard let character = rest.popFirst() else { throw error("the quotation mark is not closed", line) }
    switch character {
    case "\\", "\"", "/", " ": return character
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "x", "u", "U":
      let count = character == "x" ? 2 : character == "u" ? 4 : 8
      let digits = rest.prefix(count)
      guard digits.count == count, digits.allSatisfy(\.isHexDigit), let code = UInt32(digits, radix: 16),
        let scalar = Unicode.Scalar(code)
      else { throw error("a character is none", line) }
      rest.removeFirst(count)
      return Character(scalar)
    default: throw error("the escape '\\\(character)' is unknown", line)
    }
  }

  // MARK: Lines

  /// The text after the key and its colon; nil if the line does not begin with the key.
  private static func value(of key: String, in line: Substring) -> Substring? {
    for form in [key, "'\(key)'", "\"\(key)\""] where line.hasPrefix(form) {
      let rest = trimmedStart(line.dropFirst(form.count))
      guard rest.first == ":" else { continue }
      let after = rest.dropFirst()
      if after.isEmpty || after.first?.isWhitespace == true { return after }
    }
    return nil
  }

  /// Whether a line begins with a word and a colon.
  private static func isKey(_ line: Substring) -> Bool {
    let word = line.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
    guard let first = word.first, first.isLetter, line[word.endIndex...].first == ":" else { return false }
    let after = line[word.endIndex...].dropFirst()
    return after.isEmpty || after.first?.isWhitespace == true
  }

  private static func isBlank(_ text: Substring) -> Bool {
    let content = trimmedStart(text)
    return content.isEmpty || content.first == "#"
  }

  private static func trimmedStart(_ text: Substring) -> Substring { text.drop(while: \.isWhitespace) }

  private static func error(_ message: String, _ line: Int, _ remedy: String? = nil) -> FormatError {
    FormatError(.corrupt, message, line: line, remedy: remedy)
  }
}
