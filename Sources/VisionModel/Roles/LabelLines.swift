import VisionSystem
import VisionTensor

/// Labels as lines of text: names, or pairs of number and name.
enum LabelLines {
  private typealias Line = (number: Int, text: String)

  static func names(in text: String) throws(FormatError) -> [String] {
    var lines: [Line] = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated().map { ($0 + 1, LabelList.trimmed($1)) }
    while lines.last?.text.isEmpty == true { lines.removeLast() }
    guard let first = lines.first else { throw LabelList.none }
    let entries = lines.map { separated($0) }
    // A heading has no number; all lines after it have one.
    let body = entries[0] == nil ? entries.dropFirst() : entries[...]
    if !body.isEmpty, body.allSatisfy({ $0 != nil }) { return try LabelList.ordered(body.compactMap { $0 }) }
    if let entries = try blankSeparated(lines) { return try LabelList.ordered(entries) }
    if let entries = numbersLast(lines[...]) ?? numbersLast(lines.dropFirst()) {
      return try LabelList.ordered(entries)
    }
    guard !first.text.hasPrefix("item {") && first.text != "item{" else {
      throw FormatError(
        .unsupported, "this is a label map of TensorFlow in text form", line: first.number,
        remedy: "write the names one per line, in the order of the classes")
    }
    return try LabelList.checked(lines.map { ($0.text, .line($0.number)) })
  }

  /// A line of number, separator and name; nil for other lines.
  private static func separated(_ line: Line) -> LabelList.NumberedEntry? {
    let text = line.text
    guard let separator = text.firstIndex(where: { "\t,;:".contains($0) }),
      let index = Int(LabelList.trimmed(text[..<separator]))
    else { return nil }
    var name = String(text[text.index(after: separator)...])
    if text[separator] == "\t", let last = name.lastIndex(of: "\t") {
      name = String(name[name.index(after: last)...])
    }
    return (index, unquoted(LabelList.trimmed(name)), .line(line.number))
  }

  /// Lines of number, space, name, as Teachable Machine writes them; nil if the lines are names.
  ///
  /// A name may begin with a number ("5 cent"), so the numbers must be 0, 1, 2, …. Numbers from 1 on are an
  /// error, because they are clearly a numbering but do not identify the classes.
  private static func blankSeparated(_ lines: [Line]) throws(FormatError) -> [LabelList.NumberedEntry]? {
    let entries = lines.compactMap { line -> LabelList.NumberedEntry? in
      guard let blank = line.text.firstIndex(where: \.isWhitespace), let index = Int(line.text[..<blank])
      else { return nil }
      return (index, unquoted(LabelList.trimmed(line.text[blank...])), .line(line.number))
    }
    guard entries.count == lines.count else { return nil }
    if isNumbering(entries, from: 0) { return entries }
    if lines.count > 1, isNumbering(entries, from: 1) {
      throw entries[0].place.error(
        "the classes seem to be numbered from 1 on", remedy: "number them from 0 on, or omit the numbers"
      )
    }
    return nil
  }

  /// Lines of name, separator (comma, tab or semicolon), number.
  private static func numbersLast(_ lines: ArraySlice<Line>) -> [LabelList.NumberedEntry]? {
    let entries = lines.compactMap { line -> LabelList.NumberedEntry? in
      guard let separator = line.text.lastIndex(where: { ",\t;".contains($0) }),
        let index = Int(LabelList.trimmed(line.text[line.text.index(after: separator)...]))
      else { return nil }
      return (index, unquoted(LabelList.trimmed(line.text[..<separator])), .line(line.number))
    }
    return !entries.isEmpty && entries.count == lines.count && isNumbering(entries, from: 0) ? entries : nil
  }

  private static func isNumbering(_ entries: [LabelList.NumberedEntry], from first: Int) -> Bool {
    entries.map(\.index).sorted().elementsEqual(first..<first + entries.count)
  }

  /// A field without the quotation marks of tables, in which two quotation marks mean one.
  private static func unquoted(_ text: String) -> String {
    guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
    return text.dropFirst().dropLast().split(separator: "\"\"", omittingEmptySubsequences: false)
      .joined(separator: "\"")
  }
}
