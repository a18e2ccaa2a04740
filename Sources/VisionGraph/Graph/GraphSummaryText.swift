import VisionTensor

extension GraphSummary: CustomStringConvertible {
  /// A table of path, operator, output shape, parameters and MFLOP, followed by a line of totals.
  public var description: String {
    var table = [["path", "operator", "output", "parameters", "MFLOP"]]
    for row in rows {
      table.append([
        row.path, row.operatorName, row.outputs.map(\.description).joined(separator: ", "),
        row.parameters == 0 ? "" : Self.grouped(row.parameters), Self.millions(row.flops),
      ])
    }
    let widths = table[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    var lines = table.map { Self.line($0, widths: widths) }
    lines.insert(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "), at: 1)
    lines.append(totals)
    return lines.joined(separator: "\n")
  }

  /// One line: nodes, parameters, MFLOP.
  public var totals: String {
    var text = "\(rows.count) nodes, \(Self.grouped(parameters - statistics)) parameters"
    if statistics > 0 { text += " and \(Self.grouped(statistics)) running statistics" }
    return text + ", \(Self.millions(flops)) MFLOP"
  }

  /// Left-aligned text, right-aligned numbers.
  private static func line(_ cells: [String], widths: [Int]) -> String {
    var padded: [String] = []
    for (column, cell) in cells.enumerated() {
      let space = String(repeating: " ", count: widths[column] - cell.count)
      padded.append(column < 3 ? cell + space : space + cell)
    }
    return padded.joined(separator: "  ")
  }

  /// Millions with two digits after the point, rounded to nearest.
  static func millions(_ count: Int) -> String {
    let hundredths = count / 10_000 + (count % 10_000 >= 5_000 ? 1 : 0)
    let fraction = String(hundredths % 100)
    return grouped(hundredths / 100) + (fraction.count == 1 ? ".0" : ".") + fraction
  }

  /// The digits in groups of three, separated by commas.
  static func grouped(_ count: Int) -> String {
    var text = ""
    let digits = String(count)
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }
}
