import VisionInference
import VisionSystem

/// Lines of text for a terminal, whose columns stand below each other.
///
/// Lines are gathered until a screen is full or half a second has passed, so that their widths are known. Columns never become
/// narrower from one such block to the next, so that blocks are aligned with each other as far as can be.
struct AlignedLines: Sendable {
  private typealias Cell = [Record.Word]

  private static let limit = 24
  private static let patience = 0.5

  private var rows: [[Cell]] = []
  private var widths: [Int] = []
  private var since = 0.0

  init() {}

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
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        // The last cell of a line pushes nothing aside.
        if column + 1 < row.count { widths[column] = max(widths[column], Self.width(cell)) }
      }
    }
    defer { rows = [] }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let text = cell.map { emphasize($0.text, $0.emphasis) }.joined()
        guard column + 1 < row.count else { return text }
        return text + String(repeating: " ", count: max(0, widths[column] - Self.width(cell)) + 2)
      }.joined() + "\n"
    }.joined()
  }

  private static func width(_ cell: Cell) -> Int { cell.reduce(0) { $0 + $1.text.count } }
}
