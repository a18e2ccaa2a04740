import Foundation
import Testing
import VisionData
import VisionImage
import VisionSystem
import VisionTestSupport
import VisionTraining

@testable import VisionTasks

@Suite struct DetectionReportTests {
  private static let names = ["<script>alert(1)</script>", "b & \"c\"", "plain"]

  /// Ten images of 12 × 12 pixels with an object each: found, badly found, taken for another class, or missed; and a
  /// false alarm.
  private static func report(_ folder: SampleFolder) throws -> DetectionReport {
    var evaluation = DetectionEvaluation(classes: names)
    var images: [AnnotatedImage] = []
    for number in 0..<10 {
      let path = "\(number)<i>.png"
      try folder.write(SampleFolder.image(number, channel: number % 3), to: path)
      let box = Box(x: Double(number % 4), y: 2, width: 6, height: 5)
      let label = number % 3
      images.append(
        AnnotatedImage(
          name: path, path: folder.file(path), width: 12, height: 12,
          objects: [AnnotatedObject(label: label, box: box)]))
      var found: [ScoredBox] = []
      switch number {
      case 7: break
      case 8: found = [ScoredBox(classIndex: (label + 1) % 3, score: 0.9, box: box)]
      default: found = [ScoredBox(classIndex: label, score: 0.5 + Double(number) / 100, box: box)]
      }
      if number == 9 {
        found.append(ScoredBox(classIndex: 0, score: 0.95, box: Box(x: 0, y: 9, width: 3, height: 3)))
      }
      try evaluation.add(
        DetectionSample(truths: [TrueBox(classIndex: label, box: box)], detections: found))
    }
    let results = try DetectionResults(evaluation, draws: 20, threads: 1)
    var report = DetectionReport(
      title: "<b>cells</b>", summary: "A & B.", results: results, measuredOn: "10 images", classes: names)
    report.measured = Array(zip(images, evaluation.samples))
    report.parts = [("training", images), ("validation", Array(images.prefix(4)))]
    report.skipped = [SkippedFile(path: "a<b>.png", code: "truncated", message: "cut & short")]
    report.input = ImageSize(96)
    report.confidence = 0.5
    report.run.configuration = [("data", "\"/x <y>\"")]
    report.run.command = "visionnet detect --model 'a b/<m>.onnx' IMAGE"
    report.run.hardware = "a <machine>"
    report.run.seconds = 65
    return report
  }

  /// The text of a section.
  private func section(_ id: String, of html: String) -> Substring? {
    guard let start = html.range(of: "<section id=\"\(id)\">"),
      let end = html[start.upperBound...].range(of: "</section>")
    else { return nil }
    return html[start.upperBound..<end.lowerBound]
  }

  @Test func whatComesFromNamesIsNeverMarkup() throws {
    let folder = try SampleFolder()
    let html = try Self.report(folder).html(threads: 1)
    #expect(!html.contains("<script") && html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(!html.contains("<b>cells</b>") && html.contains("&lt;b&gt;cells&lt;/b&gt;"))
    #expect(!html.contains("a<b>.png") && !html.contains("<machine>") && !html.contains("<m>.onnx"))
    #expect(!html.contains("<i>.png") && html.contains("b &amp; &quot;c&quot;"))
  }

  @Test func mistakesAreShown() throws {
    let folder = try SampleFolder()
    let html = try Self.report(folder).html(threads: 2)
    #expect(try html == Self.report(folder).html(threads: 1))
    for (id, image) in [("alarms", 9), ("misses", 7), ("confusions", 8)] {
      let text = try #require(section(id, of: html), "\(id)")
      #expect(text.contains("1 is like this") && text.contains("\(image)&lt;i&gt;.png"), "\(id): \(text)")
      #expect(text.components(separatedBy: "data:image/jpeg;base64,").count == 2)
    }
    #expect(section("curves", of: html) == nil)
    for id in ["precision", "classes", "kinds", "data", "run"] {
      #expect(section(id, of: html) != nil, "\(id)")
    }
    // Nine of ten objects have a box in the right place, eight of the right class.
    #expect(html.contains("Of 100 objects it finds about 80"))
  }

  @Test func nothingIsLoaded() throws {
    let folder = try SampleFolder()
    let html = try Self.report(folder).html(threads: 1)
    #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("<link"))
    // An image that has gone is named all the same.
    let report = try Self.report(SampleFolder())
    #expect(report.html(threads: 1).contains("no longer there"))
  }

  @Test func emptyPartsAreLeftOut() throws {
    let evaluation = DetectionEvaluation(classes: ["a"])
    let results = try DetectionResults(evaluation, draws: 5, threads: 1)
    let html = DetectionReport(
      title: "none", summary: "", results: results, measuredOn: "nothing", classes: ["a"]
    ).html(threads: 1)
    #expect(html.contains("Nothing was found") && section("alarms", of: html) == nil)
    #expect(section("precision", of: html) == nil && section("data", of: html) == nil)
  }
}
