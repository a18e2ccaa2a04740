import Foundation
import Testing
import VisionTestSupport
import VisionModel

@testable import VisionReport

@Suite struct LineChartTests {
  @Test func linearTicksAreRoundNumbersInside() {
    let axis = ChartAxis("loss")
    let ticks = axis.ticks(in: 0.13...0.97, count: 5)
    #expect(ticks.map { axis.text($0) } == ["0.2", "0.4", "0.6", "0.8"])
    #expect(axis.ticks(in: 0...1, count: 5).map { axis.text($0) } == ["0", "0.2", "0.4", "0.6", "0.8", "1"])
    #expect(axis.ticks(in: 0...2.6, count: 5).map { axis.text($0) } == ["0", "0.5", "1", "1.5", "2", "2.5"])
    let epochs = ChartAxis("epoch", isWhole: true)
    #expect(epochs.ticks(in: 1...3, count: 6) == [1, 2, 3])
  }

  @Test func logarithmicTicksArePowersOfTen() {
    let axis = ChartAxis("rate", scale: .logarithmic)
    let ticks = axis.ticks(in: 2e-6...3, count: 6)
    #expect(ticks.map { axis.text($0) } == ["1e-5", "0.0001", "0.001", "0.01", "0.1", "1"])
    #expect(axis.ticks(in: 0.9...11, count: 6).map { axis.text($0) } == ["1", "2", "5", "10"])
  }

  @Test func pointsStandWhereTheirNumbersAre() {
    let frame = ChartFrame(
      x: ChartAxis("rate", scale: .logarithmic), y: ChartAxis("loss"), xEnds: 1e-4...1, yEnds: 0...2,
      width: 400, height: 300, legendRows: 1)
    let (low, high) = (frame.place(1e-4, 0), frame.place(1, 2))
    #expect(abs(low.x - frame.left) < 1e-9 && abs(low.y - frame.bottom) < 1e-9)
    #expect(abs(high.x - frame.right) < 1e-9 && abs(high.y - frame.top) < 1e-9)
    let middle = frame.place(1e-2, 1)
    #expect(abs(middle.x - (low.x + high.x) / 2) < 1e-9)
    #expect(abs(middle.y - (low.y + high.y) / 2) < 1e-9)
  }

  @Test(arguments: [ChartAxis.Scale.linear, .logarithmic])
  func numbersBeyondMeasureHaveNoPlace(_ scale: ChartAxis.Scale) {
    let axis = ChartAxis("loss", scale: scale)
    for numbers in [
      [1e308, -1e308, 1], [Double.leastNonzeroMagnitude, 1], [1.7e308], [1e150, -1e150], [1e-150, 1e150],
    ] {
      let points = numbers.enumerated().map { (x: Double($0), y: $1) }
      let text = LineChart(x: ChartAxis("step"), y: axis, series: [.init("loss", points)]).svg
      #expect(!text.contains("nan") && !text.contains("inf"), "\(numbers)")
    }
  }

  @Test func numbersWithoutAPlaceInterruptTheLine() {
    var chart = LineChart(x: ChartAxis("step"), y: ChartAxis("loss"))
    chart.series = [.init("loss", [(0, 1), (1, 2), (2, .nan), (3, 1), (4, .infinity), (5, 3), (6, 2)])]
    #expect(chart.svg.split(separator: "<path").count - 1 == 2)
    #expect(chart.svg.split(separator: "<circle").count - 1 == 5)
    #expect(!chart.svg.contains("nan") && !chart.svg.contains("inf"))
  }

  @Test func theSearchForARateIsDrawnOverItsLogarithm() throws {
    var chart = LineChart(x: ChartAxis("learning rate", scale: .logarithmic), y: ChartAxis("loss"))
    let points = (0..<100).map { step in
      let rate = pow(10, -6 + Double(step) * 0.06)
      return (x: rate, y: 2.3 - 1.5 / (1 + pow(0.01 / rate, 1.5)) + (rate > 0.2 ? rate * 2 : 0))
    }
    chart.series = [.init("loss", points)]
    chart.marks = [.init(at: 0.01, "suggested: 0.01")]
    let document = chart.document
    try keepPage(document, as: "rate.svg")
    #expect(document.contains("suggested: 0.01"))
    // Equal factors are equal distances.
    let places = document.components(separatedBy: "L").dropFirst().compactMap { part in
      part.split(separator: " ").first.flatMap { Double($0) }
    }
    #expect(places.count == 99)
    let steps = zip(places, places.dropFirst()).map { $1 - $0 }
    #expect((steps.max() ?? 9) - (steps.min() ?? 0) < 0.03)
  }

  @Test func aChartWithoutPointsIsStillOne() {
    for scale in [ChartAxis.Scale.linear, .logarithmic] {
      var chart = LineChart(x: ChartAxis("x", scale: scale), y: ChartAxis("y", scale: scale))
      #expect(chart.svg.hasSuffix("</svg>"))
      chart.series = [.init("one", [(3, 3)])]
      #expect(chart.svg.contains("<circle"))
      #expect(!chart.svg.contains("nan"))
    }
  }

  @Test func manyPointsAreThinnedToTheirOutline() {
    var chart = LineChart(x: ChartAxis("step"), y: ChartAxis("loss"))
    var points = (0..<100_000).map { (x: Double($0), y: 1.0) }
    points[54_321].y = 9
    chart.series = [.init("loss", points)]
    let svg = chart.svg
    #expect(svg.utf8.count < 60_000)
    // The highest point is there: at the upper end less the margin.
    let axis = ChartAxis("loss")
    let ends = axis.ends(for: [1, 9], margin: 0.05)
    let frame = ChartFrame(
      x: ChartAxis("step"), y: axis, xEnds: 0...99_999, yEnds: ends, width: chart.width, height: chart.height,
      legendRows: 1)
    let peak = frame.place(54_321, 9)
    #expect(svg.contains("L\(Markup.coordinate(peak.x)) \(Markup.coordinate(peak.y))"))
  }

  @Test func namesAreEscaped() {
    var chart = LineChart(x: ChartAxis("<x>"), y: ChartAxis("\"y\""))
    chart.series = [.init("<script>", [(0, 1), (1, 2)])]
    chart.marks = [.init(at: 0.5, "a&b")]
    #expect(!chart.svg.contains("<script>") && chart.svg.contains("&lt;script&gt;"))
    #expect(chart.svg.contains("a&amp;b") && chart.svg.contains("&lt;x&gt;"))
    #expect(chart.document.hasPrefix("<?xml") && chart.document.contains("xmlns="))
  }

  @Test func numeralsAreShort() {
    #expect(Numeral.significant(0.031_24) == "0.0312")
    #expect(Numeral.significant(1500) == "1500")
    #expect(Numeral.significant(3e-5) == "3e-5")
    #expect(Numeral.fixed(0.0449, 2) == "0.04")
    #expect(Numeral.fixed(9.999, 1) == "10.0")
    #expect(Numeral.percent(0.9475, 2) == "94.75\u{a0}%")
    #expect(Numeral.percent(0.99999, 0) == "99.999\u{a0}%" && Numeral.percent(1, 0) == "100\u{a0}%")
    #expect(Numeral.percent(0.0004, 1) == "0.04\u{a0}%" && Numeral.percent(0, 1) == "0.0\u{a0}%")
    #expect(Numeral.duration(3) == "3.0 s")
    #expect(Numeral.duration(245) == "4 min 05 s")
    #expect(Numeral.duration(7800) == "2 h 10 min")
    #expect(Numeral.unbroken("2 h 10 min") == "2\u{a0}h 10\u{a0}min")
    #expect(Numeral.count(12_345) == "12\u{202f}345")
  }

  @Test func base64IsThatOfTheStandard() {
    // The test vectors of RFC 4648.
    let vectors = [
      "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "foobar": "Zm9vYmFy",
    ]
    for (text, code) in vectors { #expect(Base64.text(Array(text.utf8)) == code) }
    #expect(Base64.text([0xff, 0xef, 0xbe]) == "/+++")
  }
}
