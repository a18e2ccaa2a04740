import VisionInference
import VisionData
import VisionTasks
import Testing
import VisionNet

@testable import VisionNetCLI

@Suite struct FiguresTests {
  @Test func fewImagesGiveFewDigits() {
    #expect(Figures.percent(16.0 / 18, WilsonInterval(16, of: 18)) == "89 % (67–97)")
    #expect(Figures.percent(759.0 / 800, WilsonInterval(759, of: 800)) == "94.9 % (93.1–96.2)")
    #expect(Figures.percent(0.5, of: 2) == "50 %")
    #expect(Figures.percent(0.5, of: 100_000) == "50.00 %")
  }

  @Test func whatIsNotAllIsNotAHundred() {
    #expect(Figures.percent(1, places: 0) == "100 %")
    #expect(Figures.percent(0.9999, places: 0) == "99.99 %")
    #expect(Figures.percent(0.0001, places: 1) == "0.01 %")
    #expect(Figures.percent(0, places: 1) == "0.0 %")
    #expect(Figures.fixed(12.6, 0) == "13" && Figures.fixed(-3, 0) == "-3")
  }

  private func text(right: Int, wrong: Int, classes: Int) -> String {
    let names = (0..<classes).map { "class \($0)" }
    let labels = [Int](repeating: 0, count: right) + [Int](repeating: 1, count: wrong)
    let row = [0.6] + [Float](repeating: 0.4 / Float(classes - 1), count: classes - 1)
    let metrics = ClassificationMetrics(
      probabilities: Matrix(rows: labels.count, columns: classes, elements: labels.flatMap { _ in row }),
      labels: labels,
      names: names, threshold: 0.5)
    return MetricsReport(metrics: metrics).text
  }

  @Test func figuresThatCannotBeAreNotPrinted() {
    let perfect = text(right: 18, wrong: 0, classes: 3)
    #expect(perfect.contains("top-1              100 % (82–100), 18 of 18\n"))
    #expect(perfect.contains("100 % of the right answers kept") && !perfect.contains("wrong ones"))
    #expect(!perfect.contains("top-5"))
    let wrong = text(right: 0, wrong: 4, classes: 7)
    #expect(wrong.contains("0 % of the wrong ones rejected") && !wrong.contains("right answers"))
    #expect(wrong.contains("top-5              100 %"))
    let lines = text(right: 5, wrong: 1, classes: 3).split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("class    images  precision") })
    #expect(lines.contains { $0.hasPrefix("class 0       5       83 %   100 %") }, "\(lines)")
  }

  @Test func memoryIsInUnits() {
    #expect(BenchmarkResult.binary(2_007_040) == "1.9 MiB")
    #expect(BenchmarkResult.binary(512) == "512 bytes")
    #expect(BenchmarkResult.binary(1536) == "1.5 KiB")
  }

  @Test func everyFindingHasATitleForOneAndForMany() {
    for code in Finding.Code.allCases {
      let (one, many) = (FindingTitle.of(code, count: 1), FindingTitle.of(code, count: 3))
      #expect(one.first?.isUppercase == true && many.hasSuffix(" (3)"), "\(code)")
      #expect(one.allSatisfy { $0.isASCII } && !one.contains("colur"))
    }
    #expect(FindingTitle.of(.noClass, count: 2) == "Images outside class folders (2)")
    #expect(FindingTitle.of(.grayAmongColor, count: 1) == "Gray image among color images")
  }
}
