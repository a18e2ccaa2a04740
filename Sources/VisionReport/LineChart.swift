import VisionSystem
import VisionTensor

/// A line chart as SVG, for example training curves or the result of a learning-rate search.
///
/// ```swift
/// var chart = LineChart(x: ChartAxis("learning rate", scale: .logarithmic), y: ChartAxis("loss"))
/// chart.series = [LineChart.Series("loss", [(1e-5, 2.3), (1e-4, 2.1), (1e-3, 0.7)])]
/// chart.marks = [LineChart.Mark(at: 1e-3, "chosen")]
/// try Output(path: "lr.svg").write(chart.document)
/// ```
///
/// Colors follow the reader's light or dark mode. A point that an axis cannot show (not finite, or not above
/// zero on a logarithmic axis) interrupts its line.
public struct LineChart: Sendable {
  /// One line.
  public struct Series: Sendable {
    public var name: String
    /// The points, from left to right.
    public var points: [(x: Double, y: Double)]
    public var isDashed: Bool
    /// The index of one of the six colors; nil uses the index of the line.
    public var color: Int?

    public init(
      _ name: String, _ points: [(x: Double, y: Double)], isDashed: Bool = false, color: Int? = nil
    ) {
      self.name = name
      self.points = points
      self.isDashed = isDashed
      self.color = color
    }
  }

  /// A highlighted number on the x axis.
  public struct Mark: Sendable {
    public var x: Double
    public var text: String

    public init(at x: Double, _ text: String) {
      self.x = x
      self.text = text
    }
  }

  public var x: ChartAxis
  public var y: ChartAxis
  public var series: [Series] = []
  public var marks: [Mark] = []
  /// The size in drawing units; the drawing is scaled to the available width.
  public var width = 460.0
  public var height = 280.0

  public init(x: ChartAxis, y: ChartAxis, series: [Series] = []) {
    self.x = x
    self.y = y
    self.series = series
  }

  /// The drawing for an HTML page that includes `LineChart.style`.
  public var svg: String { drawing(attributes: "") }

  /// The drawing with its numbers as a table behind it, for readers who cannot see it.
  package var figure: String { svg + ChartTable(chart: self).html }

  /// The drawing as a separate file.
  public var document: String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + drawing(
        attributes: " xmlns=\"http://www.w3.org/2000/svg\"",
        head: "<style>\(Self.style)</style>"
          + "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>")
      + "\n"
  }

  /// The maximum number of points of a line that are all drawn; of longer lines, only the first, lowest,
  /// highest and last point of each pixel column are.
  private static let fineness = 1200

  private func drawing(attributes: String, head: String = "") -> String {
    let points = series.flatMap(\.points).filter { x.holds($0.x) && y.holds($0.y) }
    let frame = ChartFrame(
      x: x, y: y, xEnds: x.ends(for: points.map(\.x), margin: 0),
      yEnds: y.ends(for: points.map(\.y), margin: 0.05),
      width: width, height: height, legendRows: ChartFrame.legendRows(series.map(\.name), width: width))
    var text = "<svg class=\"chart\"\(attributes) viewBox=\"0 0 \(Markup.coordinate(width)) "
    text += "\(Markup.coordinate(height))\" role=\"img\" aria-label=\"\(Markup.escaped(label))\">"
    text +=
      head + frame.axes + frame.legend(series.enumerated().map { ($1.name, $1.color ?? $0, $1.isDashed) })
    for mark in marks where x.holds(mark.x) && frame.xEnds.contains(mark.x) {
      text += frame.mark(mark.x, mark.text)
    }
    for (index, line) in series.enumerated() { text += path(line, line.color ?? index, frame) }
    return text + "</svg>"
  }

  private var label: String {
    "\(series.map(\.name).joined(separator: ", ")): \(y.title) over \(x.title)"
  }

  private func path(_ line: Series, _ index: Int, _ frame: ChartFrame) -> String {
    var runs: [[(x: Double, y: Double)]] = [[]]
    for point in line.points {
      if x.holds(point.x), y.holds(point.y) {
        runs[runs.count - 1].append(frame.place(point.x, point.y))
      } else if runs.last?.isEmpty == false {
        runs.append([])
      }
    }
    runs.removeAll { $0.isEmpty }
    let style = "s\(index % 6)" + (line.isDashed ? " dashed" : "")
    var text = ""
    for run in runs {
      let drawn = run.count > Self.fineness ? Self.thinned(run) : run
      let path = drawn.enumerated().map { number, point in
        "\(number == 0 ? "M" : "L")\(Markup.coordinate(point.x)) \(Markup.coordinate(point.y))"
      }.joined()
      if run.count > 1 { text += "<path class=\"line \(style)\" d=\"\(path)\"/>" }
    }
    // If there are few points, they are drawn as dots, so that even a line of one point is visible.
    let count = runs.reduce(0) { $0 + $1.count }
    guard count <= 40 else { return text }
    for point in runs.joined() {
      text += "<circle class=\"dot \(style)\" cx=\"\(Markup.coordinate(point.x))\" "
      text += "cy=\"\(Markup.coordinate(point.y))\" r=\"\(count == 1 ? 4 : 2.5)\"/>"
    }
    return text
  }

  /// The first, lowest, highest and last point of each column of the drawing.
  private static func thinned(_ run: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    var result: [(x: Double, y: Double)] = []
    var start = 0
    while start < run.count {
      var end = start
      while end < run.count, Int(saturating: run[end].x) == Int(saturating: run[start].x) { end += 1 }
      let column = start..<end
      let low = column.min { run[$0].y < run[$1].y } ?? start
      let high = column.max { run[$0].y < run[$1].y } ?? start
      var last = -1
      for position in [start, low, high, end - 1].sorted() where position != last {
        result.append(run[position])
        last = position
      }
      start = end
    }
    return result
  }

  /// The rules that drawings need in the page's style sheet.
  public static let style = """
    .chart{--c0:#2563c9;--c1:#c2500a;--c2:#118048;--c3:#9334b8;--c4:#b0125f;--c5:#6b6f76;--axis:#5d6470;--grid:#dfe3e8;\
    --paper:#fff;--ink:#1c2026;display:block;width:100%;max-width:620px;height:auto;\
    font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
    @media(prefers-color-scheme:dark){.chart{--c0:#78a9ff;--c1:#ff9d5c;--c2:#4cc38a;--c3:#d197f0;--c4:#ff7eb6;\
    --c5:#a4a9b3;--axis:#a9b0bc;--grid:#363c46;--paper:#15181d;--ink:#e7eaef}}
    @media(max-width:40rem){.chart{font-size:14.5px}}
    .chart text{fill:var(--axis)}.chart .paper{fill:var(--paper)}.chart .grid{stroke:var(--grid);stroke-width:1}
    .chart .edge{stroke:var(--axis);stroke-width:1}.chart .line{fill:none;stroke-width:2;stroke-linejoin:round}
    .chart .dashed{stroke-dasharray:6 4}.chart .mark{stroke:var(--ink);stroke-width:1;stroke-dasharray:2 3}
    .chart .marked{fill:var(--ink);font-weight:600}.chart .dot{stroke:none}.chart .line{fill:none!important}
    .chart .s0{stroke:var(--c0);fill:var(--c0)}.chart .s1{stroke:var(--c1);fill:var(--c1)}\
    .chart .s2{stroke:var(--c2);fill:var(--c2)}.chart .s3{stroke:var(--c3);fill:var(--c3)}\
    .chart .s4{stroke:var(--c4);fill:var(--c4)}.chart .s5{stroke:var(--c5);fill:var(--c5)}
    """
}
