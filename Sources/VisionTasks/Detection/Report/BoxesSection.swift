import VisionData
import VisionImage
import VisionReport
import VisionSystem
import VisionTensor

/// The section of a detector's report on the data: how many objects there are, how large, and where.
struct BoxesSection {
  let report: DetectionReport

  private static let shown = 25
  /// The steps of sizes in the chart, and in the table below it.
  private static let places = 32
  /// The columns and rows of the map of places.
  private static let grid = 24

  var section: ReportSection? {
    let images = report.parts.flatMap(\.images)
    guard !images.isEmpty || !report.skipped.isEmpty else { return nil }
    var body = ""
    if !images.isEmpty {
      body += table + "<div class=\"charts\"><div>\(sizes(images))</div><div>\(places(images))</div></div>"
    }
    if !report.skipped.isEmpty { body += skipped }
    return ReportSection(
      id: "data", title: "Data",
      reading:
        "How many objects each class has in each part of the data, how large they are in the network's input, and where "
        + "their middles lie: what is rare, small or always in one place is learned worse.",
      body: body)
  }

  private var table: String {
    let counts = report.parts.map { part in
      var counts = [Int](repeating: 0, count: report.classes.count)
      for image in part.images { for object in image.objects { counts[object.label] += 1 } }
      return counts
    }
    var rows = report.classes.indices.map { label in
      "<td>\(Markup.name(report.classes[label]))</td>"
        + counts.map { part in
          let share = Numeral.fixed(Double(part[label]) / Double(max(1, part.max() ?? 1)) * 100, 1)
          return "<td class=\"n bar\" style=\"--v:\(share)%\">\(Numeral.count(part[label]))</td>"
        }.joined()
    }
    func row(_ name: String, _ numbers: [Int]) -> String {
      "<td><b>\(name)</b></td>"
        + numbers.map { "<td class=\"n\"><b>\(Numeral.count($0))</b></td>" }.joined()
    }
    rows.insert(row("all objects", counts.map { $0.reduce(0, +) }), at: 0)
    rows.insert(row("images", report.parts.map(\.images.count)), at: 0)
    return ReportSection.foldedTable(
      ["class"] + report.parts.map(\.name), rows, shown: Self.shown + 2, style: "bars")
  }

  /// For the most frequent classes, the part of the objects that are smaller than a size.
  private func sizes(_ images: [AnnotatedImage]) -> String {
    var sizes = [[Double]](repeating: [], count: report.classes.count)
    for image in images {
      let scale =
        report.input.map {
          min(Double($0.width) / Double(image.width), Double($0.height) / Double(image.height))
        } ?? 1
      for object in image.objects { sizes[object.label].append(object.box.area.squareRoot() * scale) }
    }
    let frequent = sizes.indices.filter { !sizes[$0].isEmpty }
      .sorted { (-sizes[$0].count, $0) < (-sizes[$1].count, $1) }.prefix(6)
    // All classes at the same sizes, so that the table below the chart compares them.
    let shown = frequent.flatMap { sizes[$0] }.map { max($0, 1e-3) }
    let (least, most) = (shown.min() ?? 1, shown.max() ?? 1)
    let places = (0...Self.places).map { least * Libm.pow(most / least, Double($0) / Double(Self.places)) }
    let series = frequent.map { index in
      let points = places.map { place -> (x: Double, y: Double) in
        // What is rounded on the way must not leave out the largest.
        let smaller = sizes[index].count { $0 <= place * (1 + 1e-9) }
        return (place, Double(smaller) / Double(sizes[index].count))
      }
      return LineChart.Series(report.classes[index].escapingControls, points)
    }
    let unit = report.input == nil ? "pixels of the image" : "pixels of the input"
    return LineChart(
      x: ChartAxis("size (root of the area) in \(unit)", scale: .logarithmic),
      y: ChartAxis("objects that are smaller", isPercent: true, range: 0...1), series: series
    ).figure
  }

  /// Where in the images the middles of the objects lie.
  private func places(_ images: [AnnotatedImage]) -> String {
    let side = Self.grid
    var counts = [Int](repeating: 0, count: side * side)
    func cell(_ middle: Double, _ length: Int) -> Int {
      min(max(Int(saturating: middle / Double(length) * Double(side)), 0), side - 1)
    }
    for image in images {
      for object in image.objects {
        let box = object.box
        let column = cell(box.x + box.width / 2, image.width)
        counts[cell(box.y + box.height / 2, image.height) * side + column] += 1
      }
    }
    let most = Double(max(counts.max() ?? 1, 1))
    var text = "<svg class=\"confusion-map\" viewBox=\"0 0 \(side) \(side)\" role=\"img\" "
    text +=
      "aria-label=\"where the middles of objects lie\"><rect class=\"back\" width=\"\(side)\" height=\"\(side)\"/>"
    for (index, count) in counts.enumerated() where count > 0 {
      let opacity = Numeral.fixed(0.1 + 0.9 * (Double(count) / most).squareRoot(), 2)
      text += "<rect class=\"right\" x=\"\(index % side)\" y=\"\(index / side)\" width=\"1\" height=\"1\" "
      text += "fill-opacity=\"\(opacity)\"><title>\(count) objects</title></rect>"
    }
    return
      "<div class=\"map\">\(text)</svg><p><small>Middles of the objects, each image stretched to a square.</small></p></div>"
  }

  private var skipped: String {
    let rows = report.skipped.map { file in
      "<td class=\"path\">\(Markup.name(file.path))</td><td><code>\(Markup.escaped(file.code))</code></td>"
        + "<td>\(Markup.escaped(file.message))</td>"
    }
    let count = rows.count
    return "<h3>\(Numeral.count(count)) \(count == 1 ? "file" : "files") could not be used</h3>"
      + ReportSection.foldedTable(["file", "why", ""], rows, shown: 15, texts: 3, style: "files")
  }
}
