import Foundation
import Testing
import VisionReport
import VisionInference
import VisionData
import VisionTestSupport
import VisionImage

@testable import VisionTasks
@testable import VisionTraining

@Suite struct ReportTests {
  private static let names = ["<script>alert(1)</script>", "b & \"c\"", "plain"]

  /// Images of three classes, one in eight taken for the next class.
  private static func content(classes: Int = 3, images count: Int = 64) throws -> TrainingReportContent {
    let labels = (0..<classes).map { $0 < 3 ? names[$0] : "class \($0)" }
    var elements: [Float] = []
    var images: [LabeledImage] = []
    for index in 0..<count {
      let label = index % classes
      let guess = index % 8 == 7 ? (label + 1) % classes : label
      let sure = 0.6 + Float(index % 4) * 0.1
      elements += (0..<classes).map { $0 == guess ? sure : (1 - sure) / Float(classes - 1) }
      images.append(
        LabeledImage(path: "/d/\(index)", relativePath: "x/\"><img src=http://a.b/\(index)>", label: label)
      )
    }
    let probabilities = Matrix(rows: count, columns: classes, elements: elements)
    var content = TrainingReportContent(title: "<b>photos</b>", summary: "A & B.")
    content.labels = labels
    content.metrics = ClassificationMetrics(
      probabilities: probabilities, labels: images.map(\.label), names: labels, threshold: 0.75)
    content.predictions = ClassifiedImages(images: images, probabilities: probabilities)
    content.parts = [.init("training", images, classes: classes)]
    content.skipped = [SkippedFile(path: "a<b>.png", code: "truncated", message: "cut & short")]
    content.configuration = [("data", "\"/x <y>\""), ("lr", "0.1")]
    content.command = "visionnet classify --model 'a b/<m>.onnx' IMAGE"
    content.hardware = "a <machine>"
    content.seconds = 65
    let image = try Image(encoded: SampleFolder.image(1, channel: 0))
    content.image = { _ in image }
    content.heatMap = { image, _ in image }
    return content
  }

  @Test func whatComesFromNamesIsNeverMarkup() throws {
    let html = try Self.content().html(threads: 1)
    #expect(!html.contains("<script"))
    #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(!html.contains("<b>photos</b>") && html.contains("&lt;b&gt;photos&lt;/b&gt;"))
    #expect(!html.contains("\"><img src=http"))
    #expect(!html.contains("a<b>.png") && !html.contains("<machine>") && !html.contains("<m>.onnx"))
    #expect(html.contains("b &amp; &quot;c&quot;"))
  }

  @Test func nothingIsAskedOfANetwork() throws {
    let html = try Self.content().html(threads: 1)
    for attribute in ["src=\"", "href=\""] {
      for part in html.components(separatedBy: attribute).dropFirst() {
        #expect(part.hasPrefix("data:image/") || part.hasPrefix("#"))
      }
    }
    #expect(!html.contains("url(") && !html.contains("@import") && !html.contains("<link"))
    #expect(html.contains("default-src 'none'"))
  }

  @Test func theNumbersAreThoseOfTheMetrics() throws {
    let content = try Self.content()
    let metrics = try #require(content.metrics)
    let html = content.html(threads: 1)
    #expect(metrics.top1 == 0.875)
    // 56 of 64 lie between 77 and 94 %: no digit after the point counts.
    #expect(html.contains("<b>88\u{a0}%</b>") && html.contains("77–94\u{a0}%, 56 of 64"))
    #expect(html.contains(Numeral.percent(metrics.top1Interval)))
    #expect(html.contains("<b>\(Numeral.fixed(metrics.loss, 2))</b>"))
    for item in metrics.perClass {
      #expect(html.contains(Numeral.percent(try #require(item.precision), within: item.precisionInterval)))
      #expect(html.contains(Numeral.percent(try #require(item.recall), within: item.recallInterval)))
    }
    for number in metrics.confusion where number > 0 { #expect(html.contains(">\(number)</td>")) }
    #expect(html.contains("8 of 64 images are classified wrongly."))
    #expect(html.contains("Below a probability of 0.75 an image is called unknown."))
    #expect(html.contains("1\u{a0}min 05\u{a0}s"))
    // Two images a mistake, one a doubtful label.
    let doubtful = try #require(content.predictions).doubtfulLabels.count
    #expect(html.components(separatedBy: "<img").count - 1 == 16 + doubtful)
  }

  /// First what a reader acts on, and images that say in words what they show.
  @Test func mistakesComeFirstAndHaveTheirWords() throws {
    var content = try Self.content()
    content.settings = ("penalty", [.init(series: "common", value: 0.1, loss: 0.3, isChosen: true)])
    let html = content.html(threads: 1)
    let sections = html.components(separatedBy: "<section id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(
      sections.map(String.init) == [
        "mistakes", "confusion", "classes", "labels", "calibration", "unknown", "data", "run", "settings",
      ])
    #expect(html.contains("alt=\"plain, taken for &lt;script&gt;alert(1)&lt;/script&gt;\""))
    for image in html.components(separatedBy: "<img").dropFirst() { #expect(image.contains(" alt=\"")) }
    for drawing in html.components(separatedBy: "<svg").dropFirst() {
      #expect(drawing.prefix { $0 != ">" }.contains("role=\"img\" aria-label=\""))
    }
    #expect(html.contains("<nav aria-label=\"Sections\">") && html.contains("<html lang=\"en\">"))
  }

  @Test func manyClassesAreShownInPart() throws {
    let html = try Self.content(classes: 120, images: 1200).html(threads: 2)
    #expect(html.contains("All 120 classes"))
    #expect(html.contains("<details class=\"foldable\">"))
    #expect(html.components(separatedBy: "<th scope=\"row\">").count - 1 <= 12)
    // Every confused pair is in the table.
    let pairs = try #require(Self.content(classes: 120, images: 1200).metrics).confusions.count
    #expect(html.components(separatedBy: "taken for class").count - 1 >= pairs - 3)
    #expect(html.utf8.count < 2_000_000)
  }

  @Test func epochsBecomeCurves() throws {
    var content = try Self.content()
    #expect(!content.html(threads: 1).contains("Training curves"))
    content.epochs = (1...30).map { epoch in
      let number = Double(epoch)
      return EpochReport(
        epoch: epoch, epochs: 30, step: epoch, trainingLoss: 2 / number,
        validation: [
          Score(name: "loss", value: 2.5 / number + 0.01 * number),
          Score(name: "top1", value: 1 - 1 / number),
        ], rate: 0.1 * (1 - number / 31), isBest: epoch == 16, samplesPerSecond: 100, seconds: 2,
        secondsLeft: 0)
    }
    let html = content.html(threads: 1)
    try keepPage(html, as: "epochs.html")
    #expect(html.contains("Training curves") && html.contains(">kept</text>"))
    #expect(html.contains("30 epochs, 100 images/s."))
    content.epochs = []
    content.settings = ("penalty", [.init(series: "common", value: 0.1, loss: 0.3, isChosen: true)])
    #expect(content.html(threads: 1).contains("Settings tried"))
  }

  @Test func withoutMetricsThePageIsThereAllTheSame() {
    var content = TrainingReportContent(title: "empty", summary: "Nothing.")
    content.notes = ["No images were held back."]
    let html = content.html(threads: 1)
    #expect(html.contains("No images were held back."))
    #expect(!html.contains("id=\"confusion\"") && html.hasSuffix("</html>\n"))
  }

  @Test func figuresOfAClassHaveIntervals() {
    let metrics = ClassificationMetrics(
      probabilities: Matrix(rows: 4, columns: 2, elements: [0.9, 0.1, 0.2, 0.8, 0.3, 0.7, 0.4, 0.6]),
      labels: [0, 0, 1, 1], names: ["a", "b"])
    let first = metrics.perClass[0]
    // 1 of 2 right, 1 predicted: J = 1 / 2, F1 = 2 / 3.
    let interval = WilsonInterval(1, of: 2)
    #expect(abs(first.f1Interval.low - 2 * interval.low / (1 + interval.low)) < 1e-12)
    #expect(first.f1Interval.low < 2.0 / 3 && first.f1Interval.high > 2.0 / 3)
    #expect(first.precisionInterval.high == 1)
    #expect(metrics.bins.reduce(0) { $0 + $1.images } == 4)
    #expect(metrics.bins[13].right == 1 && metrics.bins[13].images == 1)
  }
}
