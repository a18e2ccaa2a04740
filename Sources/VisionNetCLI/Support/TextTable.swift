/// A text table.
enum TextTable {
  /// The columns that a column of words keeps when the table is too wide.
  private static let least = 8

  /// The rows, with each column as wide as its widest cell and two spaces between columns. The columns in
  /// `numbers` are right-aligned.
  ///
  /// - Parameter width: the columns of the terminal, if it is to fit there. Then the widest columns that do not hold
  ///   numbers are cut, and in the end the lines.
  static func text(_ rows: [[String]], numbers: Set<Int> = [], width: Int? = nil) -> String {
    let columns = rows.map(\.count).max() ?? 0
    var widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    if let width { fit(&widths, numbers: numbers, to: width) }
    return rows.map { row in
      var line = ""
      for (column, whole) in row.enumerated() {
        let cell = width == nil ? whole : ShortText.cell(whole, to: widths[column])
        let space = String(repeating: " ", count: widths[column] - cell.count)
        if numbers.contains(column) {
          line += space + cell
        } else {
          line += column + 1 < row.count ? cell + space : cell
        }
        if column + 1 < row.count { line += "  " }
      }
      return width.map { ShortText.cut(line, to: $0) } ?? line
    }.joined(separator: "\n")
  }

  /// Takes columns from the widest columns of words, one after the other, until all fit or nothing is left to take.
  private static func fit(_ widths: inout [Int], numbers: Set<Int>, to width: Int) {
    var excess = widths.reduce(0, +) + 2 * max(widths.count - 1, 0) - width
    while excess > 0 {
      let words = widths.indices.filter { !numbers.contains($0) && widths[$0] > least }
      guard let widest = words.max(by: { widths[$0] < widths[$1] }) else { return }
      widths[widest] -= 1
      excess -= 1
    }
  }
}
