import VisionSystem
import VisionTensor

/// Converts the rows of a table to images and labels.
struct TableContents {
  private struct Row {
    let path: String
    let relativePath: String
    let labels: [String]
    let part: DataPart?
  }

  private let columns: TableColumns
  private let files: TableFiles
  private var rows: [Row] = []
  /// The index of each row by its normalized path.
  private var positions: [[UInt8]: Int] = [:]
  private var mentions: [[RepeatedImage.Mention]] = []
  private var elsewhere: (count: Int, cell: String, path: String)?

  init(_ columns: TableColumns, _ files: TableFiles) {
    self.columns = columns
    self.files = files
    files.learn(columns.rows.lazy.map { Self.cell(columns.path, $0) })
  }

  private static func cell(_ column: Int, _ row: DelimitedText.Record) -> String {
    column < row.fields.count ? row.fields[column] : ""
  }

  /// Adds a row.
  /// - Throws: `DatasetError` with the line, for a row without a path or a label, a row with more fields than
  ///   there are columns, or a path that may mean several files.
  mutating func add(_ row: DelimitedText.Record) throws(DatasetError) {
    let place = "\(columns.place), line \(row.line)"
    if row.fields.dropFirst(columns.width).contains(where: { !$0.isEmpty }) {
      throw DatasetError(
        .table, "the line has \(row.fields.count) columns", place: place,
        remedy: columns.width == 2
          ? "write: image.jpg,label, or for several labels: image.jpg,cat;dog"
          : "the table has \(columns.width) columns: put fields that hold the separator in quotation marks")
    }
    let cell = Self.cell(columns.path, row)
    guard !cell.isEmpty else {
      throw DatasetError(
        .table, "the line is not a path and a label", place: place, remedy: "write: image.jpg,label")
    }
    let labels = try labels(row, place)
    let part = try part(row, place)
    let found = try file(cell, part, labels, place)
    let mention = RepeatedImage.Mention(line: row.line, labels: labels, part: part)
    let key = Self.key(found.path)
    if let position = positions[key] {
      mentions[position].append(mention)
      return
    }
    positions[key] = rows.count
    mentions.append([mention])
    rows.append(Row(path: found.path, relativePath: found.relativePath, labels: labels, part: part))
  }

  private mutating func file(_ cell: String, _ part: DataPart?, _ labels: [String], _ place: String)
    throws(DatasetError) -> (path: String, relativePath: String)
  {
    switch files.find(cell, part: part, labels: labels) {
    case .direct(let path), .missing(let path): return (path, cell)
    case .below(let relative):
      let path = files.folder == "/" ? "/\(relative)" : "\(files.folder)/\(relative)"
      elsewhere = ((elsewhere?.count ?? 0) + 1, elsewhere?.cell ?? cell, elsewhere?.path ?? relative)
      return (path, relative)
    case .several(let paths):
      let sorted = paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      throw DatasetError(
        .table,
        "'\(NearestNames.printable(cell))' may mean \(sorted.prefix(3).joined(separator: ", "))"
          + (sorted.count > 3 ? ", …" : ""),
        place: place, remedy: "write the path of each image from the table's folder")
    }
  }

  private func labels(_ row: DelimitedText.Record, _ place: String) throws(DatasetError) -> [String] {
    switch columns.labels {
    case .column(let column):
      let cell = Self.cell(column, row)
      guard !cell.isEmpty else {
        throw DatasetError(
          .table, "the line is not a path and a label", place: place, remedy: "write: image.jpg,label")
      }
      let labels = Self.list(cell)
      guard !labels.isEmpty else {
        throw DatasetError(
          .table, "the line has no label", place: place, remedy: "write: image.jpg,cat;dog")
      }
      return labels
    case .classes(let classes):
      let labels = classes.filter { ColumnStatistics.answer(Self.cell($0, row)) == true }
      guard !labels.isEmpty else {
        throw DatasetError(
          .table, "the line has no 1 in the columns of the classes", place: place,
          remedy: "omit the line, or add a column for images of none of them")
      }
      return labels.map { columns.headings[$0] }
    }
  }

  /// The labels in a list, or the unchanged cell if it is not a list.
  private static func list(_ field: String) -> [String] {
    let isSeparator = { (character: Character) in character == ";" || character == "|" }
    guard field.contains(where: isSeparator) else { return [field] }
    return field.split(whereSeparator: isSeparator).compactMap { part in
      let start = part.drop { $0.isWhitespace }
      guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return nil }
      return String(start[...last])
    }
  }

  private func part(_ row: DelimitedText.Record, _ place: String) throws(DatasetError) -> DataPart? {
    switch columns.parts {
    case nil: return nil
    case .question(let column, let part)?:
      let isPart = ColumnStatistics.answer(Self.cell(column, row)) == true
      return isPart ? part : part == .train ? .test : .train
    case .column(let column)?:
      let cell = Self.cell(column, row)
      guard let part = DataPart(cell) else {
        throw DatasetError(
          .table,
          "the part of the data, '\(NearestNames.printable(cell))', is none of train, val and test",
          place: place,
          remedy: "write one of these in the column \(columns.name(of: column))")
      }
      return part
    }
  }

  /// A path without `.` components and repeated slashes, so that `./a.png` and `a.png` are equal.
  private static func key(_ path: String) -> [UInt8] {
    var parts: [[UInt8]] = []
    for part in path.utf8.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
      parts.append(Array(part))
    }
    let joined = Array(parts.joined(separator: [UInt8(ascii: "/")]))
    return path.utf8.first == UInt8(ascii: "/") ? [UInt8(ascii: "/")] + joined : joined
  }

  /// All added rows as contents of a dataset.
  func contents() -> FolderContents {
    var contents = FolderContents()
    // Labels are compared by bytes, like folder names.
    let order = Set(rows.flatMap { $0.labels.map { Array($0.utf8) } })
      .sorted { $0.lexicographicallyPrecedes($1) }
    contents.labels = order.map { String(decoding: $0, as: UTF8.self) }
    let numbers = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    var validation: [LabeledImage] = []
    for row in rows {
      let image = LabeledImage(
        path: row.path, relativePath: row.relativePath,
        labels: row.labels.map { numbers[Array($0.utf8)] ?? 0 })
      switch row.part {
      case nil, .train?: contents.training.append(image)
      case .val?: validation.append(image)
      case .test?: contents.test.append(image)
      }
    }
    if !validation.isEmpty { contents.validation = validation }
    contents.repeated = zip(rows, mentions).filter { $0.1.count > 1 }.map {
      RepeatedImage(path: $0.path, mentions: $1)
    }
    addNotes(&contents)
    return contents
  }

  private func addNotes(_ contents: inout FolderContents) {
    if let note = columns.note { contents.notes.append(note) }
    if contents.labels.count > 1, contents.labels.allSatisfy({ DataPart($0) != nil }) {
      contents.warnings.append(
        "the labels are called like parts of the data, \(contents.labels.map { "'\($0)'" }.joined(separator: " and ")): "
          + "check that they are what the images show")
    }
    if let (count, cell, path) = elsewhere {
      contents.notes.append(
        "\(count) \(count == 1 ? "image was" : "images were") found below the table's folder, such as "
          + "\(NearestNames.printable(cell)) as \(NearestNames.printable(path))")
    }
  }
}
