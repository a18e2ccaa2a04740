import VisionImage
import VisionSystem
import VisionTensor

/// A table of images: a line for each with its path and its label, between commas, semicolons, tabs or vertical bars.
///
/// Quotation marks are as RFC 4180 has them; blanks around fields do not count. Which column holds the paths is found out
/// from the files that are there, which the labels from the headings or, without these, from there being one other column
/// (`TableColumns`). A column may name the parts of the data. Paths begin in the table's folder, or somewhere below it
/// where they cannot mean another file (`TableFiles`).
///
/// Several labels of one image stand between semicolons or vertical bars, `path,cat;dog`, or in a column of 0 and 1 for
/// each class.
enum DatasetTable {
  private static let limit = 256 << 20

  /// - Parameter labelColumn: the heading of the column of the labels, or its number in a table without headings; nil
  ///   where the table itself tells.
  static func read(_ path: String, labelColumn: String? = nil) throws(DatasetError) -> FolderContents {
    var bytes = try text(of: path)
    let files = TableFiles(table: path)
    let separator: UInt8
    if let (given, rest) = stated(bytes) {
      separator = given
      // The line itself becomes an empty one, so that the numbers of the others stay.
      bytes = Array(repeating: UInt8(ascii: " "), count: rest) + bytes[rest...]
    } else {
      separator = try TableSeparator.find(bytes, files, place: path)
    }
    let records = try DelimitedText(bytes, separator: separator, place: path).records
    let columns = try TableColumns(records, files, labelColumn: labelColumn, place: path)
    var builder = TableContents(columns, files)
    for row in columns.rows { try builder.add(row) }
    return builder.contents()
  }

  /// The separator that a first line such as `sep=;` states, as spreadsheets write it, and the length of that line.
  private static func stated(_ bytes: [UInt8]) -> (UInt8, Int)? {
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    let text = String(decoding: line, as: UTF8.self).lowercased()
    guard line.count == 5, text.hasPrefix("sep="), let separator = line.last,
      DelimitedText.separators.contains(separator)
    else { return nil }
    return (separator, line.count)
  }

  /// The text of a file as UTF-8.
  static func text(of path: String) throws(DatasetError) -> [UInt8] {
    let bytes: [UInt8]
    do {
      let file = try FileBytes(path: path, limit: limit)
      bytes = Array(file.bytes)
    } catch {
      throw DatasetError(error.kind == .missing ? .missing : .unreadable, error.message, place: path)
    }
    do {
      return Array(try DecodedText(bytes).string.utf8)
    } catch {
      throw DatasetError(
        .table, error.message, place: "\(path), line \(error.line)",
        remedy: "save the table as text in UTF-8, or give a folder of class folders")
    }
  }
}
