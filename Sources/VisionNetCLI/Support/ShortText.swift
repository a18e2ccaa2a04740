/// Text shortened to the columns of a terminal.
enum ShortText {
  /// The beginning of the text, with an ellipsis where something is missing.
  static func cut(_ text: String, to width: Int) -> String {
    text.count <= width ? text : text.prefix(max(width - 1, 0)) + (width > 0 ? "…" : "")
  }

  /// The beginning and the end of a path, with an ellipsis between them. The end is longer, because the name of the file
  /// tells more than the folders.
  static func path(_ path: String, to width: Int) -> String {
    guard path.count > width else { return path }
    guard width > 2 else { return cut(path, to: width) }
    let name = path.lastIndex(of: "/").map { path[$0...].count } ?? path.count
    // The whole name if it leaves room for a beginning, and else two thirds.
    let end = name + 1 < width ? max(name, width * 2 / 3) : width * 2 / 3
    return path.prefix(width - 1 - min(end, width - 1)) + "…" + path.suffix(min(end, width - 1))
  }

  /// A cell of a table: paths keep both ends, other text its beginning.
  static func cell(_ text: String, to width: Int) -> String {
    text.contains("/") && !text.contains(" ") ? path(text, to: width) : cut(text, to: width)
  }
}
