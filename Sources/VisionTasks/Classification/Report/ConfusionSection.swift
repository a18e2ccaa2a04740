import VisionReport
import VisionTraining

/// The section of a report with the confusion matrix.
struct ConfusionSection {
  let metrics: ClassificationMetrics

  /// The most classes for which the whole matrix is shown as a table of numbers.
  private static let fullSize = 20
  /// The number of classes in the part of a larger matrix that is shown.
  private static let partSize = 12

  var section: ReportSection? {
    let count = metrics.labels.count
    guard metrics.images > 0, count > 1 else { return nil }
    let reading =
      "A row is what the images show, a column what the model took them for: numbers beside the diagonal are mistakes."
    if count <= Self.fullSize {
      return ReportSection(
        id: "confusion", title: "Confusion matrix", reading: reading,
        body: "<div class=\"beside\"><div>" + matrix(Array(metrics.labels.indices)) + "</div><div>"
          + pairs(shown: 5) + "</div></div>")
    }
    let part = mostConfused
    let body =
      "<h3>All \(count) classes</h3><div class=\"map\">\(map)</div>"
      + (part.isEmpty
        ? "" : "<h3>The \(part.count) classes with the most mistakes among them</h3>" + matrix(part))
      + pairs(shown: 15)
    return ReportSection(id: "confusion", title: "Confusion matrix", reading: reading, body: body)
  }

  /// The classes with the most frequent mistakes, in the order of the labels.
  private var mostConfused: [Int] {
    var chosen: Set<Int> = []
    let count = metrics.labels.count
    let mistakes = metrics.confusion.indices.filter { $0 / count != $0 % count && metrics.confusion[$0] > 0 }
    for index in mistakes.sorted(by: { (-metrics.confusion[$0], $0) < (-metrics.confusion[$1], $1) }) {
      let pair: Set = [index / count, index % count]
      if chosen.union(pair).count <= Self.partSize { chosen.formUnion(pair) }
    }
    return chosen.sorted()
  }

  /// The matrix of some classes; images that were classified as any other class are counted in the last
  /// column.
  private func matrix(_ classes: [Int]) -> String {
    let count = metrics.labels.count
    let isPart = classes.count < count
    let names = classes.map { Markup.name(metrics.labels[$0]) } + (isPart ? ["<i>others</i>"] : [])
    let heads = names.map { "<th scope=\"col\"><span>\($0)</span></th>" }.joined()
    let rows = classes.map { row in
      let numbers = metrics.confusion[row * count..<(row + 1) * count]
      let sum = numbers.reduce(0, +)
      var cells = classes.map { column in
        cell(numbers[numbers.startIndex + column], of: sum, isRight: row == column)
      }
      if isPart {
        let shown = classes.reduce(0) { $0 + numbers[numbers.startIndex + $1] }
        cells.append(cell(sum - shown, of: sum, isRight: false))
      }
      return "<tr><th scope=\"row\">\(Markup.name(metrics.labels[row]))</th>\(cells.joined())</tr>\n"
    }
    return
      "\(ReportSection.scrolling("confusion matrix"))<table class=\"confusion\"><thead><tr><th class=\"corner\">shows ↓<br>taken for →</th>\(heads)"
      + "</tr></thead><tbody>\(rows.joined())</tbody></table></div>"
  }

  private func cell(_ number: Int, of sum: Int, isRight: Bool) -> String {
    guard number > 0 else { return "<td></td>" }
    let strength = ReportStyle.strength(Double(number) / Double(max(sum, 1)))
    return
      "<td class=\"\(isRight ? "right" : "wrong")\" style=\"--a:\(Numeral.fixed(strength, 2))\">\(number)</td>"
  }

  /// A drawing of the whole matrix, with a small square for each number.
  private var map: String {
    let count = metrics.labels.count
    var text = "<svg class=\"confusion-map\" viewBox=\"0 0 \(count) \(count)\" role=\"img\" "
    text += "aria-label=\"confusion matrix of \(count) classes\"><rect class=\"back\" width=\"\(count)\" "
    text += "height=\"\(count)\"/>"
    for row in 0..<count {
      let sum = metrics.confusion[row * count..<(row + 1) * count].reduce(0, +)
      for column in 0..<count where metrics.confusion[row * count + column] > 0 {
        let number = metrics.confusion[row * count + column]
        let share = (Double(number) / Double(sum)).squareRoot()
        let title = Markup.escaped("\(number) × \(metrics.labels[row]) taken for \(metrics.labels[column])")
        text +=
          "<rect class=\"\(row == column ? "right" : "wrong")\" x=\"\(column)\" y=\"\(row)\" width=\"1\" "
        text +=
          "height=\"1\" fill-opacity=\"\(Numeral.fixed(0.25 + 0.75 * share, 2))\"><title>\(title)</title></rect>"
      }
    }
    return text + "</svg>"
  }

  private func pairs(shown: Int) -> String {
    let rows = metrics.confusions.map {
      "<td>\(Markup.name($0.actual))</td><td>\(Markup.name($0.predicted))</td><td class=\"n\">\($0.images)</td>"
    }
    guard !rows.isEmpty else { return "<p>No mistakes.</p>" }
    return "<h3>Most frequent mistakes</h3>"
      + ReportSection.foldedTable(
        ["shows", "taken for", "times"], rows, shown: shown, texts: 2, style: "pairs")
  }
}
