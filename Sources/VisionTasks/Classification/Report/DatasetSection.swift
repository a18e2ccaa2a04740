import VisionImage
import VisionReport

/// The section of a report on the numbers of images, and the files that could not be used.
struct DatasetSection {
  let content: TrainingReportContent

  private static let shown = 25

  var section: ReportSection? {
    let parts = content.parts.filter { $0.counts.contains { $0 > 0 } }
    guard !parts.isEmpty || !content.skipped.isEmpty else { return nil }
    var body = parts.isEmpty ? "" : balance(parts) + table(parts)
    if !content.skipped.isEmpty { body += skipped }
    return ReportSection(
      id: "data", title: "Data",
      reading:
        "How many images each class has in each part of the data: classes with few are learned worse, and their "
        + "figures are less certain.",
      body: body)
  }

  private func table(_ parts: [TrainingReportContent.DatasetPart]) -> String {
    let sums = parts.map { $0.counts.reduce(0, +) }
    let largest = parts.map { max(1, $0.counts.max() ?? 1) }
    var rows = content.labels.indices.map { label in
      "<td>\(Markup.name(content.labels[label]))</td>"
        + zip(parts, largest).map { part, most in
          let share = Numeral.fixed(Double(part.counts[label]) / Double(most) * 100, 1)
          return "<td class=\"n bar\" style=\"--v:\(share)%\">\(Numeral.count(part.counts[label]))</td>"
        }.joined()
    }
    rows.insert(
      "<td><b>all</b></td>" + sums.map { "<td class=\"n\"><b>\(Numeral.count($0))</b></td>" }.joined(), at: 0)
    return ReportSection.foldedTable(
      ["class"] + parts.map(\.name), rows, shown: Self.shown + 1, style: "bars")
  }

  private func balance(_ parts: [TrainingReportContent.DatasetPart]) -> String {
    let totals = content.labels.indices.map { label in parts.reduce(0) { $0 + $1.counts[label] } }
    guard let least = totals.min(), let most = totals.max(), totals.count > 1 else { return "" }
    func name(_ count: Int) -> String { Markup.name(content.labels[totals.firstIndex(of: count) ?? 0]) }
    let text =
      least == most
      ? "Every class has \(Numeral.count(most)) \(most == 1 ? "image" : "images")."
      : "The smallest class, \(name(least)), has \(Numeral.count(least)), the largest, \(name(most)), "
        + "\(Numeral.count(most)) images."
    return "<p>\(text)</p>"
  }

  private var skipped: String {
    let rows = content.skipped.map { file in
      "<td class=\"path\">\(Markup.name(file.path))</td><td><code>\(Markup.escaped(file.code))</code></td>"
        + "<td>\(Markup.escaped(file.message))</td>"
    }
    let count = rows.count
    return "<h3>\(Numeral.count(count)) \(count == 1 ? "file" : "files") could not be used</h3>"
      + ReportSection.foldedTable(["file", "why", ""], rows, shown: 15, texts: 3, style: "files")
  }
}
