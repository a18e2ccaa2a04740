/// Class names with the place of each, and the checks that all formats share.
struct LabelList {
  /// The place of a name in the file.
  enum Place {
    case line(Int)
    case key(String)

    func error(_ message: String, remedy: String? = nil) -> FormatError {
      switch self {
      case .line(let line): FormatError(.corrupt, message, line: line, remedy: remedy)
      case .key(let key): FormatError(.corrupt, message, node: key, remedy: remedy)
      }
    }
  }

  typealias Entry = (name: String, place: Place)
  typealias NumberedEntry = (index: Int, name: String, place: Place)

  /// Lists with at least this many names may contain duplicates: two classes of ImageNet are called "crane",
  /// two "maillot".
  static let repeatingCount = 1000

  static let none = FormatError(.corrupt, "there are no labels", remedy: "give every class a name")

  /// The names, in the order given.
  static func checked(_ entries: [Entry]) throws(FormatError) -> [String] {
    guard !entries.isEmpty else { throw none }
    var seen: Set<String> = []
    let names = entries.map { trimmed($0.name) }
    for (name, entry) in zip(names, entries) {
      guard !name.isEmpty else {
        throw entry.place.error("empty label", remedy: "give every class a name")
      }
      guard seen.insert(name).inserted || names.count >= repeatingCount else {
        throw entry.place.error(
          "the label '\(name)' is given twice", remedy: "give every class a name of its own")
      }
    }
    return names
  }

  /// The names sorted by their numbers, which must be 0, 1, 2, … in any order.
  static func ordered(_ entries: [NumberedEntry]) throws(FormatError) -> [String] {
    guard !entries.isEmpty else { throw none }
    let remedy = "number the classes from 0 on, each once"
    var found = [Entry?](repeating: nil, count: entries.count)
    var beyond: NumberedEntry?
    for entry in entries {
      guard entry.index >= 0 else {
        throw entry.place.error("the class \(entry.index) is below 0", remedy: remedy)
      }
      guard entry.index < found.count else {
        beyond = beyond ?? entry
        continue
      }
      guard found[entry.index] == nil else {
        throw entry.place.error("the class \(entry.index) is named twice", remedy: remedy)
      }
      found[entry.index] = (entry.name, entry.place)
    }
    if let beyond, let hole = found.firstIndex(where: { $0 == nil }) {
      throw beyond.place.error(
        "the class \(beyond.index) is named, but of \(entries.count) classes \(hole) is not", remedy: remedy)
    }
    return try checked(found.compactMap { $0 })
  }

  static func trimmed(_ text: some StringProtocol) -> String {
    var text = Substring(text)
    while let last = text.last, last.isWhitespace { text.removeLast() }
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    return String(text)
  }
}
