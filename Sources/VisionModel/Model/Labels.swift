import VisionSystem

/// Reads class names from all common kinds of files: text, tables, JSON, YAML, Python.
public enum Labels {
  /// The maximum size of a file in bytes.
  static let limit = 64 << 20

  /// The names in class order.
  ///
  /// The kind of file is determined from its content, not its name. The text may be UTF-8, with or without a
  /// byte order mark, or UTF-16.
  ///
  /// - Text: one name per line. When every line begins with an integer and a tab, comma, semicolon or colon,
  ///   the integers are the classes, each from 0 exactly once in any order, and the name is the last column
  ///   (with tabs) or everything after the first separator; a first line of column names is then skipped.
  ///   Lines of number, space, name, or of name, comma, number, are read in the same way if their numbers are
  ///   0, 1, 2, … in any order.
  /// - JSON: a list of names or of objects with `name` and `id`; `{"0": "cat"}`, `{"cat": 0}`, `{"0":
  ///   ["n01440764", "tench"]}`; or an object that has one of these under `id2label`, `label2id`, `names`,
  ///   `labels`, `classes`, `class_names`, `class_to_idx`, `idx_to_class`, `label_names` (as in timm's
  ///   `config.json`), or `categories` (as in COCO, in the order of the ids).
  /// - YAML: `names:` with a list or a map, as in the `data.yaml` of YOLO.
  /// - Python: a list or a dictionary of literals, such as `{0: 'cat', 1: "it's"}`.
  ///
  /// - Throws: `FormatError`, with the line or the key, for an empty label, a duplicate name (lists of 1000
  ///   names or more may repeat names, as those of ImageNet do), and numbers that are not 0, 1, 2, … each
  ///   exactly once.
  public static func read(_ path: String) throws(FormatError) -> [String] {
    do {
      return try parse(MappedFile(path).bytes.array)
    } catch { throw error.at(file: path) }
  }

  /// The names in a text.
  public static func parse(_ text: String) throws(FormatError) -> [String] { try parse(Array(text.utf8)) }

  /// The names in the bytes of a file.
  public static func parse(_ bytes: [UInt8]) throws(FormatError) -> [String] {
    guard bytes.count <= limit else {
      throw FormatError(.tooLarge, "the file of labels has \(bytes.count) bytes, more than \(limit)")
    }
    guard let text = DecodedText.of(bytes) else {
      throw FormatError(
        .corrupt, "the labels are neither UTF-8 nor UTF-16 text", remedy: "save the file as UTF-8")
    }
    guard let first = text.unicodeScalars.first(where: { !$0.properties.isWhitespace }) else {
      throw LabelList.none
    }
    if first == "{" || first == "[" { return try LabelLiteral.names(in: text) }
    if let names = try LabelYAML.names(in: text) { return names }
    return try LabelLines.names(in: text)
  }
}
