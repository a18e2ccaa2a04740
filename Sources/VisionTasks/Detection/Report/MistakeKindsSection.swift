import VisionReport

/// The section of a detector's report on the kinds of its mistakes, and on which classes are taken for which.
struct MistakeKindsSection {
  let report: DetectionReport

  /// The most classes for which the whole matrix is shown.
  private static let fullSize = 20

  private static func words(_ kind: DetectionMistake.Kind) -> String {
    switch kind {
    case .classification: "right place, wrong class"
    case .localization: "right class, badly placed box"
    case .both: "wrong class and badly placed"
    case .duplicate: "a second box for an object"
    case .background: "a box where nothing is"
    case .missed: "an object without any box"
    }
  }

  var section: ReportSection? {
    let mistakes = report.results.mistakes
    let most = max(mistakes.costs.values.max() ?? 0, 1e-9)
    let rows = DetectionMistake.Kind.allCases.map { kind in
      let cost = mistakes.costs[kind] ?? 0
      return "<td>\(Self.words(kind))</td><td class=\"n\">\(Numeral.count(mistakes.count(kind)))</td>"
        + "<td class=\"n bar\" style=\"--v:\(Numeral.fixed(cost / most * 100, 1))%\">"
        + "\(Numeral.fixed(cost * 100, 1))</td>"
    }
    return ReportSection(
      id: "kinds", title: "What goes wrong",
      reading:
        "How many points of mAP50 each kind of mistake costs: what would be gained if it did not happen (TIDE). Boxes of "
        + "any confidence count, so that there are many of little cost.",
      body: ReportSection.table(["mistake", "number", "mAP50 lost"], rows, style: "bars") + matrix)
  }

  /// The confusion of classes with each other and with the background.
  private var matrix: String {
    let confusion = report.results.confusion
    let chosen = Array(mostConfused(confusion).sorted())
    let columns: [Int?] = chosen.map { $0 } + [nil]
    func name(_ index: Int?, _ background: String) -> String {
      index.map { Markup.name(report.classes[$0]) } ?? "<i>\(background)</i>"
    }
    let heads = columns.map { "<th scope=\"col\"><span>\(name($0, "not found"))</span></th>" }.joined()
    let rows = columns.map { row in
      let sum = columns.reduce(0) { $0 + confusion[truth: row, detection: $1] }
      let cells = columns.map { column in
        cell(confusion[truth: row, detection: column], of: sum, isRight: row == column)
      }
      return "<tr><th scope=\"row\">\(name(row, "nothing"))</th>\(cells.joined())</tr>\n"
    }
    let part =
      chosen.count < report.classes.count ? " (the \(chosen.count) classes with the most mistakes)" : ""
    return "<h3>Which classes are taken for which\(part)</h3>"
      + "<p>From a confidence of \(Numeral.fixed(confusion.confidence, 2)) on, at an IoU of \(Numeral.significant(confusion.iou)).</p>"
      + "\(ReportSection.scrolling("confusion matrix"))<table class=\"confusion\"><thead><tr><th class=\"corner\">there is ↓<br>found as →</th>\(heads)"
      + "</tr></thead><tbody>\(rows.joined())</tbody></table></div>"
  }

  private func mostConfused(_ confusion: DetectionConfusion) -> [Int] {
    let count = report.classes.count
    let wrong = (0..<count).map { index in
      let all: [Int?] = Array(0..<count).map { $0 } + [nil]
      return all.reduce(0) { sum, other in
        other == index
          ? sum : sum + confusion[truth: index, detection: other] + confusion[truth: other, detection: index]
      }
    }
    return Array((0..<count).sorted { (-wrong[$0], $0) < (-wrong[$1], $1) }.prefix(Self.fullSize))
  }

  private func cell(_ number: Int, of sum: Int, isRight: Bool) -> String {
    guard number > 0 else { return "<td></td>" }
    let strength = ReportStyle.strength(Double(number) / Double(max(sum, 1)))
    return
      "<td class=\"\(isRight ? "right" : "wrong")\" style=\"--a:\(Numeral.fixed(strength, 2))\">\(number)</td>"
  }
}
