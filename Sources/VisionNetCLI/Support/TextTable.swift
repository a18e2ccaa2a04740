/// A text table.
enum TextTable {
  /// The rows, with each column as wide as its widest cell and two spaces between columns. The columns in
  /// `numbers` are right-aligned.
  static func text(_ rows: [[String]], numbers: Set<Int> = []) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        if numbers.contains(column) {
          line += space + cell
        } else {
          line += column + 1 < row.count ? cell + space : cell
        }
        if column + 1 < row.count { line += "  " }
      }
      return line
    }.joined(separator: "\n")
  }
}
