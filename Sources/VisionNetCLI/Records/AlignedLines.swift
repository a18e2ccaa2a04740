import VisionInference
import VisionSystem

/// Lines of text for a terminal, whose columns stand below each other.
///
/// Lines are gathered until a screen is full or half a second has passed, so that their widths are known. Columns never become
/// narrower from one such block to the next, so that blocks are aligned with each other as far as can be. Lines that are wider than
/// the terminal lose the middle of a long path first, then their last words.
struct AlignedLines: Sendable {
  private typealias Cell = [Record.Word]

  private static let limit = 24
  private static let patience = 0.5

  private var rows: [[Cell]] = []
  private var widths: [Int] = []
  private var since = 0.0
  private let width: Int?

  /// - Parameter width: the columns of the terminal; nil to shorten nothing.
  init(width: Int? = nil) { self.width = width }

  /// Adds a line; true when the lines should be written.
  ///
  /// - Parameter seconds: the time now.
  mutating func add(_ name: String, _ line: [Record.Word], seconds: Double) -> Bool {
    if rows.isEmpty { since = seconds }
    var cells: [Cell] = [[Record.Word(name)]]
    for word in line {
      // Records separate what stands for itself by two spaces.
      if word.text == "  " { cells.append([]) } else { cells[cells.count - 1].append(word) }
    }
    rows.append(cells.map { $0.map { Record.Word($0.text.escapingControls, $0.emphasis) } })
    return rows.count >= Self.limit || seconds - since > Self.patience
  }

  /// The lines that wait, which then wait no longer.
  mutating func flush(_ emphasize: (String, Record.Word.Emphasis) -> String) -> String {
    if let width { shortenNames(to: width) }
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        // The last cell of a line pushes nothing aside.
        if column + 1 < row.count { widths[column] = max(widths[column], Self.width(cell)) }
      }
    }
    defer { rows = [] }
    return rows.map { row in
      let shown = width.map { fitted(row, to: $0) } ?? row
      return shown.enumerated().map { column, cell in
        let text = cell.map { emphasize($0.text, $0.emphasis) }.joined()
        guard column + 1 < shown.count else { return text }
        return text + String(repeating: " ", count: max(0, widths[column] - Self.width(cell)) + 2)
      }.joined() + "\n"
    }.joined()
  }

  /// Takes from the names what the lines are too wide by, but leaves a third of the terminal to them.
  private mutating func shortenNames(to width: Int) {
    let rest = rows.map { row in row.dropFirst().reduce(0) { $0 + 2 + Self.width($1) } }.max() ?? 0
    let most = max(width - rest, width / 3)
    for row in rows.indices {
      // The name is the first word of its cell; a record without columns has its words behind it.
      guard let name = rows[row].first?.first else { continue }
      rows[row][0][0] = Record.Word(ShortText.path(name.text, to: most), name.emphasis)
    }
  }

  /// The cells that the terminal has columns for, and an ellipsis for the others. The name and the first one always
  /// stay, if need be cut.
  private func fitted(_ row: [Cell], to width: Int) -> [Cell] {
    let starts = row.indices.map { column in widths.prefix(column).reduce(0) { $0 + $1 + 2 } }
    func isFitting(_ count: Int, _ room: Int) -> Bool {
      zip(starts, row).prefix(count).allSatisfy { $0 + Self.width($1) <= room }
    }
    if isFitting(row.count, width) { return row }
    for count in stride(from: row.count - 1, to: 1, by: -1) {
      // The ellipsis stands where the first cell that is left out would begin.
      if isFitting(count, width), starts[count] < width { return row.prefix(count) + [[Record.Word("…")]] }
    }
    let last = min(row.count, 2) - 1
    return row.prefix(last) + [Self.cut(row[last], to: max(width - starts[last], 1))]
  }

  /// The words of a cell, up to that many characters.
  private static func cut(_ cell: Cell, to width: Int) -> Cell {
    var left = width
    var words: Cell = []
    for word in cell where left > 0 {
      words.append(Record.Word(ShortText.cut(word.text, to: left), word.emphasis))
      left -= word.text.count
    }
    return words
  }

  private static func width(_ cell: Cell) -> Int { cell.reduce(0) { $0 + $1.text.count } }
}
