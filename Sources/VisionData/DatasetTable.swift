import VisionImage
import VisionSystem
import VisionTensor

/// A table of images: one line per image with its path and label, separated by commas, semicolons, tabs or
/// vertical bars.
///
/// Quotation marks follow RFC 4180; spaces around fields are ignored. The column of the paths is found from
/// the existing files; the column of the labels from the headings or, without headings, because it is the
/// only other column (`TableColumns`). A column may name the parts of the data. Paths are relative to the
/// table's folder, or to a folder below it if they cannot refer to another file (`TableFiles`).
///
/// Several labels of an image are separated by semicolons or vertical bars, `path,cat;dog`, or given in a
/// column of 0 and 1 for each class.
enum DatasetTable {
  private static let limit = 256 << 20

  /// - Parameter labelColumn: the heading of the label column, or its number in a table without headings; nil
  ///   to determine it from the table.
  static func read(_ path: String, labelColumn: String? = nil) throws(DatasetError) -> FolderContents {
    var bytes = try text(of: path)
    let files = TableFiles(table: path)
    let separator: UInt8
    if let (given, rest) = stated(bytes) {
      separator = given
      // Replaced by an empty line, so that line numbers do not change.
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

  /// The separator stated in a first line such as `sep=;`, which spreadsheets write, and the length of that
  /// line.
  private static func stated(_ bytes: [UInt8]) -> (UInt8, Int)? {
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    let text = String(decoding: line, as: UTF8.self).lowercased()
    guard line.count == 5, text.hasPrefix("sep="), let separator = line.last,
      DelimitedText.separators.contains(separator)
    else { return nil }
    return (separator, line.count)
  }

  /// The text of a file, converted to UTF-8.
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
