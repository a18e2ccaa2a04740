import VisionSystem
import VisionTensor

/// The meaning of the columns of a table of images, determined from their contents.
struct TableColumns {
  /// The location of the labels.
  enum Labels: Sendable, Hashable {
    /// In one column.
    case column(Int)
    /// One column for each class, with 1 for images of that class.
    case classes([Int])
  }

  /// The location of the parts of the data.
  enum Parts: Sendable, Hashable {
    /// A column contains their names.
    case column(Int)
    /// A column answers yes or no for one of the parts.
    case question(Int, DataPart)
  }

  let width: Int
  /// The headings of the columns; empty if there are none.
  let headings: [String]
  /// The nonempty lines below the headings.
  let rows: [DelimitedText.Record]
  private(set) var path = 0
  private(set) var labels = Labels.column(1)
  private(set) var parts: Parts?

  let place: String
  /// The statistics of each column.
  let statistics: [ColumnStatistics]

  /// - Parameter wanted: the heading of the label column, or its number in a table without headings.
  /// - Throws: `DatasetError` of the kind `table` if the meaning of a column is unclear.
  init(_ records: [DelimitedText.Record], _ files: TableFiles, labelColumn wanted: String?, place: String)
    throws(DatasetError)
  {
    self.place = place
    let filled = records.filter { $0.fields.contains { !$0.isEmpty } }
    let width = Self.width(filled)
    self.width = width
    guard let first = filled.first else {
      throw DatasetError(
        .noImages, "the table names no images", place: place, remedy: "write: image.jpg,label")
    }
    let hasHeadings = Self.isHeading(first, filled, files, wanted, width)
    headings = hasHeadings ? Array(first.fields.prefix(width)) : []
    rows = hasHeadings ? Array(filled.dropFirst()) : filled
    if hasHeadings, first.fields.count < width {
      throw DatasetError(
        .table, "there are \(first.fields.count) headings over \(width) columns",
        place: "\(place), line \(first.line)", remedy: "give each column a heading")
    }
    guard !rows.isEmpty else {
      throw DatasetError(
        .noImages, "the table names no images", place: place, remedy: "write: image.jpg,label")
    }
    let rows = rows
    statistics = (0..<width).map { ColumnStatistics($0, rows) }
    var label: Int?
    if let wanted { label = try column(named: wanted) }
    if let label {
      let cells = rows.prefix(100).map { label < $0.fields.count ? $0.fields[label] : "" }
      guard !cells.allSatisfy({ files.isImageName($0) || files.direct($0) != nil }) else {
        throw unclear("the column \(name(of: label)) holds the paths of the images, not labels")
      }
    }
    path = try findPath(files, excluding: label)
    if let label {
      parts = findParts(excluding: [path, label])
      labels = .column(label)
    } else {
      parts = findParts(excluding: [path])
      do {
        labels = try findLabels()
      } catch {
        guard parts != nil, candidates.isEmpty else { throw error }
        // The only other column looks like parts of the data, but must be the labels.
        parts = nil
        labels = try findLabels()
      }
    }
  }

  /// The most common number of fields.
  private static func width(_ records: [DelimitedText.Record]) -> Int {
    var counts: [Int: Int] = [:]
    for record in records.prefix(1000) { counts[record.fields.count, default: 0] += 1 }
    return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
  }

  /// Whether the first line contains headings: no field of it names an image while fields below do, and its
  /// fields either are usual headings or do not occur in the lines below.
  private static func isHeading(
    _ first: DelimitedText.Record, _ records: [DelimitedText.Record], _ files: TableFiles, _ wanted: String?,
    _ width: Int
  ) -> Bool {
    let fields = first.fields
    if let wanted, fields.contains(where: { $0.utf8.elementsEqual(wanted.utf8) }) { return true }
    if fields.contains(where: { files.isImageName($0) || files.direct($0) != nil }) { return false }
    let below = records.dropFirst().prefix(200)
    if fields.contains(where: TableTitles.isKnown) {
      // A class may have the same name as a heading.
      let isRepeated = fields.indices.contains { column in
        below.contains {
          column < $0.fields.count && $0.fields[column] == fields[column] && fields[column] != ""
        }
      }
      return !isRepeated || TableTitles.pathRank(fields[0]) != nil
    }
    let isNamed = below.contains { record in
      record.fields.contains { files.isImageName($0) || files.direct($0) != nil }
    }
    guard isNamed || below.contains(where: { $0.fields.contains { files.isBelow($0) } }) else { return false }
    return !fields.indices.contains { column in
      let isSame = { (record: DelimitedText.Record) in
        column < record.fields.count && record.fields[column] == fields[column]
      }
      return !fields[column].isEmpty && below.contains(where: isSame) || files.isBelow(fields[column])
    }
  }

  /// The column requested by heading or, if there are no headings, by number.
  private func column(named wanted: String) throws(DatasetError) -> Int {
    if let exact = headings.firstIndex(where: { $0.utf8.elementsEqual(wanted.utf8) }) { return exact }
    let plain = TableTitles.plain(wanted)
    let near = headings.indices.filter { !plain.isEmpty && TableTitles.plain(headings[$0]) == plain }
    if near.count == 1 { return near[0] }
    if headings.isEmpty, let number = Int(wanted), (1...max(width, 1)).contains(number) { return number - 1 }
    throw unclear("there is no column '\(NearestNames.printable(wanted))'")
  }

  /// The column whose cells are existing files or, failing that, look like names of images.
  private func findPath(_ files: TableFiles, excluding label: Int?) throws(DatasetError) -> Int {
    let count = min(rows.count, 100)
    let sample = (0..<count).map { rows[$0 * rows.count / count] }
    func score(_ column: Int, _ test: (String) -> Bool) -> Int {
      sample.count { column < $0.fields.count && test($0.fields[column]) }
    }
    let columns = (0..<width).filter { $0 != label }
    var scores = columns.map { column in
      (score(column) { files.direct($0) != nil }, score(column, files.isImageName), 0)
    }
    if scores.allSatisfy({ $0.0 == 0 }) {
      for (position, column) in columns.enumerated() { scores[position].2 = score(column, files.isBelow) }
    }
    let most = scores.max { $0 < $1 } ?? (0, 0, 0)
    let best = zip(columns, scores).filter { $0.1 == most }.map(\.0)
    let ranked = best.compactMap { column in
      headings.isEmpty ? nil : TableTitles.pathRank(headings[column]).map { (rank: $0, column: column) }
    }
    if most == (0, 0, 0) {
      // None of the files exists, so the headings or the usual order decide.
      if let first = ranked.min(by: { $0.rank < $1.rank }) { return first.column }
      if width == 2, label != 0 { return 0 }
      throw unclear("no column names images that are there")
    }
    if best.count == 1 { return best[0] }
    if let first = ranked.min(by: { $0.rank < $1.rank }) { return first.column }
    if label == nil, width == 2 { return 0 }
    throw unclear("several columns name images, \(best.map(name).joined(separator: ", "))")
  }

  /// The columns that could contain labels.
  var candidates: [Int] {
    (0..<width).filter { column in
      if column == path || statistics[column].isEmpty { return false }
      switch parts {
      case .column(let part)?, .question(let part, _)?: return column != part
      case nil: return true
      }
    }
  }

  private func findParts(excluding used: [Int]) -> Parts? {
    let columns = (0..<width).filter { !used.contains($0) && !statistics[$0].isEmpty }
    func title(_ column: Int) -> String { headings.isEmpty ? "" : headings[column] }
    if let named = columns.first(where: { statistics[$0].areParts && TableTitles.isPart(title($0)) }) {
      return .column(named)
    }
    if let asked = columns.first(where: {
      statistics[$0].areAnswers && TableTitles.question(title($0)) != nil
    }),
      let part = TableTitles.question(title(asked))
    {
      return .question(asked, part)
    }
    // If half of a column's cells are parts, it is the column of parts, and the other cells are reported
    // as errors.
    if let half = columns.first(where: { TableTitles.isPart(title($0)) && statistics[$0].areMostlyParts }) {
      return .column(half)
    }
    return columns.first {
      statistics[$0].areParts && statistics[$0].distinct > 1 && !TableTitles.isLabel(title($0))
    }.map { .column($0) }
  }

  /// The name of a column for messages.
  func name(of column: Int) -> String {
    headings.isEmpty || headings[column].isEmpty
      ? "\(column + 1)" : "'\(NearestNames.printable(headings[column]))'"
  }

  /// An error message with a list of the columns.
  func unclear(_ message: String) -> DatasetError {
    let columns = (0..<min(width, 30)).map(name).joined(separator: ", ") + (width > 30 ? ", …" : "")
    return DatasetError(
      .table, "\(message); the columns are \(columns)", place: place,
      remedy: "name the column of the labels by --label-column, or leave in the table only paths and labels")
  }
}
