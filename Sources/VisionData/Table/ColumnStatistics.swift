/// What the cells of one column are like.
struct ColumnStatistics {
  /// Whether no cell holds anything.
  let isEmpty: Bool
  /// How many different values there are.
  let distinct: Int
  /// How many cells hold something.
  let filled: Int
  /// Whether every cell that holds something is 0 or 1, as 1.0, -1, true or false too.
  let areAnswers: Bool
  /// Whether every cell is the name of a part of the data, or at least half of them are.
  let areParts: Bool
  let areMostlyParts: Bool
  /// Whether every cell is a number.
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
    // Columns of parts have few values; those of other columns need not be looked at.
    let parts = counts.count > 64 ? 0 : counts.reduce(0) { $0 + (DataPart($1.key) == nil ? 0 : $1.value) }
    areParts = parts > 0 && parts == rows.count
    areMostlyParts = parts > 0 && parts * 2 >= rows.count
  }

  /// Yes or no; nil for what is neither.
  static func answer(_ cell: String) -> Bool? {
    switch cell.lowercased() {
    case "1", "1.0", "1.", "1.00", "true", "yes", "t", "y": true
    case "0", "0.0", "0.", "0.00", "false", "no", "f", "n", "-1", "-1.0": false
    default: nil
    }
  }

  /// Whether at least every second value stands in several rows.
  var areRepeated: Bool { distinct > 1 && distinct * 2 <= filled }
}
