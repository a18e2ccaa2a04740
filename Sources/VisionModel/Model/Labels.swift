import VisionTensor

/// Reads files of class names: one a line, or lines of index and name.
public enum Labels {
  private static let limit = 64 << 20

  /// The names in class order.
  ///
  /// When every line begins with a whole number and a tab or comma, the numbers are the classes, each from 0 on
  /// exactly once in any order, and the name is the last column (of tabs) or everything after the first comma.
  /// A first line of column names is then skipped. Otherwise each line is a name.
  public static func read(_ path: String) throws(FormatError) -> [String] {
    let file = try MappedFile(path)
    return try parse(file.bytes)
  }

  /// The names in a text.
  public static func parse(_ text: String) throws(FormatError) -> [String] {
    try parse(ByteRange(Array(text.utf8)))
  }

  private static func parse(_ bytes: ByteRange) throws(FormatError) -> [String] {
    guard bytes.count <= limit else {
      throw bytes.error(.tooLarge, "the file of labels has \(bytes.count) bytes")
    }
    guard var text = bytes.string else { throw bytes.error(.corrupt, "the labels are not UTF-8 text") }
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { trimmed($0) }
    while lines.last == "" { lines.removeLast() }
    guard !lines.isEmpty else { throw bytes.error(.corrupt, "there are no labels") }
    let entries = lines.map { indexed($0) }
    if !entries.contains(where: { $0 == nil }) { return try ordered(entries.compactMap { $0 }, bytes) }
    if lines.count > 1, entries[0] == nil, !entries.dropFirst().contains(where: { $0 == nil }) {
      return try ordered(entries.dropFirst().compactMap { $0 }, bytes)
    }
    for (number, line) in lines.enumerated() where line.isEmpty {
      throw bytes.error(
        .corrupt, "line \(number + 1) of the labels is empty", remedy: "give every class a name")
    }
    return lines
  }

  private static func indexed(_ line: String) -> (index: Int, name: String)? {
    guard let separator = line.firstIndex(where: { $0 == "\t" || $0 == "," }),
      let index = Int(line[..<separator])
    else { return nil }
    var name = String(line[line.index(after: separator)...])
    if line[separator] == "\t", let last = name.lastIndex(of: "\t") {
      name = String(name[name.index(after: last)...])
    }
    name = trimmed(name[...])
    if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") {
      name = name.dropFirst().dropLast().split(separator: "\"\"", omittingEmptySubsequences: false)
        .joined(separator: "\"")
    }
    return name.isEmpty ? nil : (index, name)
  }

  private static func ordered(_ entries: [(index: Int, name: String)], _ bytes: ByteRange) throws(FormatError)
    -> [String]
  {
    var names = [String?](repeating: nil, count: entries.count)
    for (index, name) in entries {
      guard names.indices.contains(index), names[index] == nil else {
        throw bytes.error(
          .corrupt, "the class \(index) is named twice or beyond the \(entries.count) that there are",
          remedy: "number the classes from 0 on, each once")
      }
      names[index] = name
    }
    return names.compactMap { $0 }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while let last = text.last, last.isWhitespace { text.removeLast() }
    while let first = text.first, first == " " { text.removeFirst() }
    return String(text)
  }
}
