import VisionImage
import VisionTensor

/// A table of pictures: a line `path,label` each, paths from the table's folder.
///
/// Several labels of one picture stand between semicolons or vertical bars, `path,cat;dog`; blanks around these do not
/// count. Further columns are an error, so that nobody's extra column becomes a label.
///
/// Quotation marks as RFC 4180 has them. A first line of `path,label` or the like is skipped.
enum DatasetTable {
  private static let limit = 256 << 20
  private static let titles: Set<String> = ["path", "file", "filename", "image", "picture", "name"]

  static func read(_ path: String) throws(DatasetError) -> FolderContents {
    let text = try text(of: path)
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? "."
    var rows: [(path: String, labels: [String])] = []
    for (number, fields) in try records(text, path) {
      if number == 1, let first = fields.first, titles.contains(first.lowercased()), fields.count == 2 {
        continue
      }
      let place = "\(path), line \(number)"
      guard fields.count >= 2, !fields[0].isEmpty, !fields[1].isEmpty else {
        throw DatasetError(
          .table, "the line is not a path and a label", place: place, remedy: "write: picture.jpg,label")
      }
      guard fields.count == 2 else {
        throw DatasetError(
          .table, "the line has \(fields.count) columns", place: place,
          remedy: "write: picture.jpg,label, or for several labels: picture.jpg,cat;dog")
      }
      let labels = Self.labels(fields[1])
      guard !labels.isEmpty else {
        throw DatasetError(
          .table, "the line has no label", place: place, remedy: "write: picture.jpg,cat;dog")
      }
      rows.append((fields[0], labels))
    }
    guard !rows.isEmpty else {
      throw DatasetError(
        .noPictures, "the table names no pictures", place: path, remedy: "write: picture.jpg,label")
    }
    var contents = FolderContents()
    // Bytes tell labels apart, as names of folders do.
    let order = Set(rows.flatMap { $0.labels.map { Array($0.utf8) } })
      .sorted { $0.lexicographicallyPrecedes($1) }
    contents.labels = order.map { String(decoding: $0, as: UTF8.self) }
    let positions = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    contents.training = rows.map { row in
      let isAbsolute = row.path.utf8.first == UInt8(ascii: "/")
      return LabelledPicture(
        path: isAbsolute ? row.path : "\(folder)/\(row.path)", relativePath: row.path,
        labels: row.labels.map { positions[Array($0.utf8)] ?? 0 })
    }
    return contents
  }

  /// The labels of a list, or the one label as it stands.
  private static func labels(_ field: String) -> [String] {
    let isSeparator = { (character: Character) in character == ";" || character == "|" }
    guard field.contains(where: isSeparator) else { return [field] }
    return field.split(whereSeparator: isSeparator).compactMap { part in
      let start = part.drop { $0 == " " || $0 == "\t" }
      guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return nil }
      return String(start[...last])
    }
  }

  static func text(of path: String) throws(DatasetError) -> String {
    let bytes: [UInt8]
    do {
      let file = try FileBytes(path: path, limit: limit)
      bytes = Array(file.bytes)
    } catch {
      throw DatasetError(error.kind == .missing ? .missing : .unreadable, error.message, place: path)
    }
    guard var text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else {
      throw DatasetError(
        .table, "the file is neither a folder nor a table in UTF-8", place: path,
        remedy: "give a folder of class folders, or a CSV file of path,label")
    }
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    return text
  }

  /// The fields of each line that is not empty, and the line's number.
  static func records(_ text: String, _ path: String) throws(DatasetError) -> [(Int, [String])] {
    var records: [(Int, [String])] = []
    var (fields, field): ([String], [UInt8]) = ([], [])
    var (line, start, isQuoted, wasQuoted) = (1, 1, false, false)
    // Bytes of the field that stood in quotation marks: a carriage return among them is no end of a line.
    var quotedCount = 0
    let bytes = Array(text.utf8)
    var index = 0
    func closeField() {
      fields.append(String(decoding: field, as: UTF8.self))
      field = []
      (wasQuoted, quotedCount) = (false, 0)
    }
    func closeRecord() {
      if field.count > quotedCount, field.last == UInt8(ascii: "\r") { field.removeLast() }
      if fields.isEmpty && field.isEmpty && !wasQuoted { return }
      closeField()
      records.append((start, fields))
      fields = []
    }
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if isQuoted {
        if byte == UInt8(ascii: "\"") {
          if index < bytes.count, bytes[index] == byte {
            field.append(byte)
            index += 1
          } else {
            isQuoted = false
            quotedCount = field.count
          }
        } else {
          if byte == UInt8(ascii: "\n") { line += 1 }
          field.append(byte)
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\"") where field.isEmpty: (isQuoted, wasQuoted) = (true, true)
      case UInt8(ascii: ","): closeField()
      case UInt8(ascii: "\n"):
        closeRecord()
        line += 1
        start = line
      default: field.append(byte)
      }
    }
    if isQuoted {
      throw DatasetError(.table, "a quotation mark is not closed", place: "\(path), line \(start)")
    }
    closeRecord()
    return records
  }
}
