import VisionSystem
import VisionTensor

/// The frame of a chart: the positions of numbers in the drawing, the axes, and the legend.
package struct ChartFrame {
  let x: ChartAxis
  let y: ChartAxis
  let xEnds: ClosedRange<Double>
  let yEnds: ClosedRange<Double>
  let width: Double
  let height: Double
  let legendRows: Int

  package init(
    x: ChartAxis, y: ChartAxis, xEnds: ClosedRange<Double>, yEnds: ClosedRange<Double>, width: Double,
    height: Double, legendRows: Int
  ) {
    (self.x, self.y, self.xEnds, self.yEnds) = (x, y, xEnds, yEnds)
    (self.width, self.height, self.legendRows) = (width, height, legendRows)
  }

  /// The width of a digit, with allowance for the larger text on phones.
  private static let digit = 7.6
  private static let legendRow = 18.0

  private var yTicks: [Double] { y.ticks(in: yEnds, count: 5) }

  /// The space for the labels of the y axis.
  var left: Double {
    let longest = yTicks.map { y.text($0).count }.max() ?? 1
    return 26 + Double(longest) * Self.digit
  }
  var right: Double { width - 26 }
  var top: Double { 10 + Double(legendRows) * Self.legendRow }
  var bottom: Double { height - 40 }

  /// The position of a pair of numbers in the drawing, whose y axis points down.
  package func place(_ a: Double, _ b: Double) -> (x: Double, y: Double) {
    (
      left + (right - left) * x.position(a, in: xEnds), bottom - (bottom - top) * y.position(b, in: yEnds)
    )
  }

  /// The lines, labels and titles of both axes.
  package var axes: String {
    var text = ""
    for tick in yTicks {
      let at = place(xEnds.lowerBound, tick).y
      text += Self.line("grid", left, at, right, at)
      text += Self.text(y.text(tick), left - 6, at + 4, anchor: "end")
    }
    let room = Int(saturating: (right - left) / 62)
    for tick in x.ticks(in: xEnds, count: room) {
      let at = place(tick, yEnds.lowerBound).x
      text += Self.line("edge", at, bottom, at, bottom + 4)
      text += Self.text(x.text(tick), at, bottom + 17, anchor: "middle")
    }
    text += Self.line("edge", left, bottom, right, bottom)
    text += Self.text(x.title, (left + right) / 2, height - 6, anchor: "middle")
    let middle = (top + bottom) / 2
    text +=
      "<text text-anchor=\"middle\" transform=\"translate(12 \(Markup.coordinate(middle))) rotate(-90)\">"
    return text + "\(Markup.escaped(y.title))</text>"
  }

  /// The number of rows in the legend.
  static func legendRows(_ names: [String], width: Double) -> Int {
    (spots(names, width).last?.row ?? -1) + 1
  }

  /// The legend: a short piece of each line with its name.
  package func legend(_ lines: [(name: String, color: Int, isDashed: Bool)]) -> String {
    let spots = Self.spots(lines.map(\.name), width)
    return zip(lines, spots).map { line, spot in
      let at = 14 + Double(spot.row) * Self.legendRow
      let style = "line s\(line.color % 6)" + (line.isDashed ? " dashed" : "")
      return Self.line(style, spot.x, at - 4, spot.x + 20, at - 4)
        + Self.text(line.name, spot.x + 26, at, anchor: "start")
    }.joined()
  }

  private static func spots(_ names: [String], _ width: Double) -> [(row: Int, x: Double)] {
    var (row, x) = (0, 40.0)
    return names.map { name in
      let needed = 26 + Double(name.count) * digit + 18
      if x > 40, x + needed > width { (row, x) = (row + 1, 40) }
      defer { x += needed }
      return (row, x)
    }
  }

  /// A vertical line at a number of the x axis, with a text at its upper end.
  package func mark(_ number: Double, _ words: String) -> String {
    let at = place(number, yEnds.lowerBound).x
    let isLeft = at > (left + right) / 2
    let text =
      "<text class=\"marked\" x=\"\(Markup.coordinate(isLeft ? at - 5 : at + 5))\" "
      + "y=\"\(Markup.coordinate(top + 12))\" text-anchor=\"\(isLeft ? "end" : "start")\">"
      + "\(Markup.escaped(words))</text>"
    return Self.line("mark", at, top, at, bottom) + text
  }

  package static func line(_ style: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String
  {
    "<line class=\"\(style)\" x1=\"\(Markup.coordinate(x1))\" y1=\"\(Markup.coordinate(y1))\" "
      + "x2=\"\(Markup.coordinate(x2))\" y2=\"\(Markup.coordinate(y2))\"/>"
  }

  static func text(_ words: String, _ x: Double, _ y: Double, anchor: String) -> String {
    "<text x=\"\(Markup.coordinate(x))\" y=\"\(Markup.coordinate(y))\" text-anchor=\"\(anchor)\">"
      + "\(Markup.escaped(words))</text>"
  }
}
