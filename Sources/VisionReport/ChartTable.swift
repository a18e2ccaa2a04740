/// The numbers of a chart as a table, folded up below it.
struct ChartTable {
  let chart: LineChart

  /// Of more numbers, evenly spaced ones are shown.
  private static let limit = 50

  var html: String {
    let numbers = places
    guard !numbers.isEmpty else { return "" }
    let rows = numbers.map { place in
      "<td>\(Markup.escaped(chart.x.text(place)))</td>"
        + chart.series.map { line in
          let found = line.points.first { $0.x == place && chart.y.holds($0.y) }
          return "<td class=\"n\">\(found.map { Markup.escaped(chart.y.text($0.y)) } ?? "–")</td>"
        }.joined()
    }
    let names = chart.series.map { $0.name == chart.y.title ? $0.name : "\($0.name), \(chart.y.title)" }
    return "<details><summary>Numbers</summary>" + ReportSection.table([chart.x.title] + names, rows)
      + "</details>"
  }

  /// The places on the x axis at which a line has a point.
  private var places: [Double] {
    let all = Set(chart.series.flatMap(\.points).map(\.x).filter { chart.x.holds($0) }).sorted()
    guard all.count > Self.limit else { return all }
    return (0..<Self.limit).map { all[$0 * (all.count - 1) / (Self.limit - 1)] }
  }
}
