import Foundation
import Testing

@testable import VisionReport

/// What can be read on a page: contrasts by WCAG 2.2, which asks for 4.5:1 of text and 3:1 of drawings.
@Suite struct ReportStyleTests {
  /// Components from 0 to 255.
  private typealias Color = [Double]

  /// The custom properties of a style sheet's text.
  private static func properties(_ text: String) throws -> [String: Color] {
    var result: [String: Color] = [:]
    for declaration in text.split(whereSeparator: { ";{}".contains($0) }) where declaration.hasPrefix("--") {
      let parts = declaration.split(separator: ":", maxSplits: 1).map(String.init)
      result[String(parts[0].dropFirst(2))] = try color(parts[1])
    }
    return result
  }

  /// `#fff`, `#1c2026` or `37 99 201`.
  private static func color(_ text: String) throws -> Color {
    guard text.hasPrefix("#") else { return text.split(separator: " ").compactMap { Double($0) } }
    let digits = text.dropFirst()
    let pairs =
      digits.count == 3
      ? digits.map { "\($0)\($0)" }
      : stride(from: 0, to: 6, by: 2).map {
        String(digits.dropFirst($0).prefix(2))
      }
    return try pairs.map { Double(try #require(Int($0, radix: 16))) }
  }

  private static func luminance(_ color: Color) -> Double {
    let linear = color.map { component in
      let part = component / 255
      return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  private static func contrast(_ a: Color, _ b: Color) -> Double {
    let (x, y) = (luminance(a), luminance(b))
    return (max(x, y) + 0.05) / (min(x, y) + 0.05)
  }

  private static func mixed(_ color: Color, over paper: Color, _ part: Double) -> Color {
    zip(color, paper).map { $0 * part + $1 * (1 - part) }
  }

  @Test func contrastIsThatOfTheStandard() throws {
    #expect(abs(Self.contrast([0, 0, 0], [255, 255, 255]) - 21) < 1e-9)
    // The darkest gray that passes on white.
    #expect(abs(try Self.contrast(Self.color("#767676"), Self.color("#fff")) - 4.54) < 0.01)
  }

  @Test(arguments: [ReportStyle.light, ReportStyle.dark])
  func textCanBeReadOnAllThatItStandsOn(_ colors: String) throws {
    let all = try Self.properties(colors)
    func color(_ name: String) throws -> Color { try #require(all[name], "\(name)") }
    let (ink, paper) = (try color("ink"), try color("paper"))
    for ground in ["paper", "card", "bar"] {
      for text in ["ink", "soft", "link"] where ground != "bar" || text != "link" {
        let contrast = try Self.contrast(color(text), color(ground))
        #expect(contrast >= 4.5, "\(text) on \(ground): \(contrast)")
      }
    }
    // Cells of the confusion matrix, whose color is mixed with that of the paper.
    for cell in ["right", "wrong"] {
      for step in 0...20 {
        let ground = Self.mixed(try color(cell), over: paper, ReportStyle.strength(Double(step) / 20))
        #expect(Self.contrast(ink, ground) >= 4.5, "\(cell) \(step): \(Self.contrast(ink, ground))")
      }
      #expect(try Self.contrast(color(cell), paper) >= 3, "\(cell)")
    }
    #expect(ReportStyle.strength(1) == ReportStyle.strongest)
  }

  @Test func chartsCanBeReadInBothModes() throws {
    let parts = LineChart.style.components(separatedBy: "@media(prefers-color-scheme:dark)")
    #expect(parts.count == 2)
    for part in parts {
      let colors = try Self.properties(part.components(separatedBy: "@media")[0])
      let paper = try #require(colors["paper"])
      for name in ["axis", "ink"] {
        #expect(Self.contrast(try #require(colors[name]), paper) >= 4.5, "\(name)")
      }
      for line in 0..<6 {
        let contrast = Self.contrast(try #require(colors["c\(line)"]), paper)
        #expect(contrast >= 4.5, "line \(line): \(contrast)")
      }
    }
  }

  @Test func thePageServesPaperAndPhones() {
    let sheet = ReportStyle.sheet
    #expect(sheet.contains("@media print") && sheet.contains("print-color-adjust:exact"))
    #expect(sheet.contains("details::details-content"))
    // No name of a class is cut off.
    #expect(!sheet.contains("text-overflow:ellipsis"))
  }

  @Test func aChartHasItsNumbersBehindIt() {
    var chart = LineChart(x: ChartAxis("epoch", isWhole: true), y: ChartAxis("top-1", isPercent: true))
    chart.series = [.init("<a>", [(1, 0.5), (2, 0.75)]), .init("b", [(2, .nan)])]
    #expect(chart.figure.hasPrefix(chart.svg))
    let table = chart.figure.dropFirst(chart.svg.count)
    #expect(table.contains("<details><summary>Numbers</summary>") && table.contains("&lt;a&gt;, top-1"))
    #expect(table.contains("<td>2</td><td class=\"n\">75\u{a0}%</td><td class=\"n\">–</td>"))
    chart.series = []
    #expect(chart.figure == chart.svg)
    chart.series = [.init("many", (0..<1000).map { (Double($0), 0.5) })]
    #expect(chart.figure.components(separatedBy: "<tr>").count - 2 == 50)
  }

  @Test func whatScrollsIsReachedByKeys() {
    let table = ReportSection.table(["class", "images"], ["<td>a</td><td>1</td>"])
    #expect(
      table.contains("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"class, images\">"))
  }
}
