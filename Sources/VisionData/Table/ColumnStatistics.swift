/// Statistics of the cells of one column.
struct ColumnStatistics {
  /// Whether all cells are empty.
  let isEmpty: Bool
  /// The number of different values.
  let distinct: Int
  /// The number of cells that are not empty.
  let filled: Int
  /// Whether every nonempty cell means 0 or 1, also written as 1.0, -1, true or false.
  let areAnswers: Bool
  /// Whether all cells are names of parts of the data, and whether at least half of them are.
  let areParts: Bool
  let areMostlyParts: Bool
  /// Whether every nonempty cell is a number.
  let areNumbers: Bool

  init(_ column: Int, _ rows: [DelimitedText.Record]) {
    var counts: [String: Int] = [:]
    for row in rows { counts[column < row.fields.count ? row.fields[column] : "", default: 0] += 1 }
    let empty = counts.removeValue(forKey: "") ?? 0
    filled = rows.count - empty
    isEmpty = counts.isEmpty
    distinct = counts.count
    areAnswers = !counts.isEmpty && counts.count <= 8 && counts.keys.allSatisfy { Self.answer($0) != nil }
    areNumbers = !counts.isEmpty && counts.keys.allSatisfy { Double($0) != nil }
    // Columns of parts have few different values, so columns with many need not be checked.
    let parts = counts.count > 64 ? 0 : counts.reduce(0) { $0 + (DataPart($1.key) == nil ? 0 : $1.value) }
    areParts = parts > 0 && parts == rows.count
    areMostlyParts = parts > 0 && parts * 2 >= rows.count
  }

  /// Yes or no; nil for anything else.
  static func answer(_ cell: String) -> Bool? {
    switch cell.lowercased() {
    case "1", "1.0", "1.", "1.00", "true", "yes", "t", "y": true
    case "0", "0.0", "0.", "0.00", "false", "no", "f", "n", "-1", "-1.0": false
    default: nil
    }
  }

  /// Whether values repeat: on average, each value is in at least two rows.
  var areRepeated: Bool { distinct > 1 && distinct * 2 <= filled }
}
