import VisionCompute
import VisionData
import VisionImage
import VisionModel
import VisionReport
import VisionSystem
import VisionTensor

/// The sections of a detector's report with mistakes to look at: surest false alarms, largest misses, wrong classes.
struct MistakesSection {
  let report: DetectionReport
  let executor: Executor

  private static let shown = 18
  /// The longer side of an image on the page, in pixels.
  private static let side = 300
  private static let truth = RGBColor(red: 120, green: 200, blue: 120)

  /// A mistake with the boxes that show it.
  private struct Card {
    let mistake: DetectionMistake
    let found: ScoredBox?
    let truth: TrueBox?
    let caption: String

    /// The caption without markup; names in it are escaped.
    var plainCaption: String {
      ["<b>", "</b>", "<bdi>", "</bdi>"].reduce(caption) { $0.replacing($1, with: "") }
    }

    var box: Box { found?.box ?? truth?.box ?? Box(x: 0, y: 0, width: 1, height: 1) }
  }

  private func cards(_ kinds: Set<DetectionMistake.Kind>, _ caption: (ScoredBox?, TrueBox?) -> String)
    -> [Card]
  {
    report.results.mistakes.mistakes.filter { kinds.contains($0.kind) }.compactMap { mistake in
      guard report.measured.indices.contains(mistake.image) else { return nil }
      let sample = report.measured[mistake.image].sample
      let found = mistake.detection.map { sample.detections[$0] }
      let truth = mistake.truth.map { sample.truths[$0] }
      return Card(mistake: mistake, found: found, truth: truth, caption: caption(found, truth))
    }
  }

  private var confidence: Double { report.results.confusion.confidence }

  var falseAlarms: ReportSection? {
    let all = cards([.background]) { found, _ in
      found.map { "\(name($0.classIndex)), \(Numeral.fixed($0.score, 2))" } ?? ""
    }
    return section(
      "alarms", "Surest false alarms",
      "Boxes where the annotations have nothing, the surest first. Some of these may be objects that nobody has annotated.",
      sure(all), none: "There is none from a confidence of \(Numeral.fixed(confidence, 2)) on.")
  }

  var misses: ReportSection? {
    let all = cards([.missed]) { _, truth in truth.map { name($0.classIndex) } ?? "" }
      .sorted { $0.box.area > $1.box.area }
    return section(
      "misses", "Largest misses", "Objects for which there is no box of any confidence, the largest first.",
      all,
      none: "Every object has a box.")
  }

  var confusions: ReportSection? {
    let all = cards([.classification]) { found, truth in
      guard let found, let truth else { return "" }
      return
        "annotated \(name(truth.classIndex)), found \(name(found.classIndex)) (\(Numeral.fixed(found.score, 2)))"
    }
    guard report.classes.count > 1 else { return nil }
    return section(
      "confusions", "Taken for another class",
      "Boxes in the right place with another class than the annotation, the surest first. Either may be wrong.",
      sure(all), none: "There is none from a confidence of \(Numeral.fixed(confidence, 2)) on.")
  }

  private func name(_ index: Int) -> String { "<b>\(Markup.name(report.classes[index]))</b>" }

  private func sure(_ cards: [Card]) -> [Card] {
    cards.filter { $0.found?.score ?? 0 >= confidence }.sorted { a, b in
      let (x, y) = (a.found?.score ?? 0, b.found?.score ?? 0)
      return (-x, a.mistake.image, a.mistake.detection ?? 0) < (-y, b.mistake.image, b.mistake.detection ?? 0)
    }
  }

  private func section(_ id: String, _ title: String, _ reading: String, _ cards: [Card], none: String)
    -> ReportSection?
  {
    guard !report.measured.isEmpty else { return nil }
    let shown = Array(cards.prefix(Self.shown))
    let pictures = Locked([String](repeating: "", count: shown.count))
    executor.forEach(count: shown.count) { index, _ in
      let html = picture(shown[index], title.lowercased())
      pictures.withLock { $0[index] = html }
    }
    let figures = zip(shown, pictures.withLock { $0 }).map { card, picture in
      "<figure><div class=\"pair\">\(picture)</div><figcaption>\(card.caption)"
        + "<small class=\"path\">\(Markup.name(report.measured[card.mistake.image].image.name))</small>"
        + "</figcaption></figure>\n"
    }
    let rest = cards.count > shown.count ? ", of which \(shown.count) are shown" : ""
    let body =
      cards.isEmpty
      ? "<p>\(none)</p>"
      : "<p>\(Numeral.count(cards.count)) \(cards.count == 1 ? "is" : "are") like this\(rest). Green boxes are "
        + "annotated; the other box is the one that this is about.</p><div class=\"cards small\">\(figures.joined())</div>"
    return ReportSection(id: id, title: title, reading: reading, body: body)
  }

  /// The part of the image around a mistake, with the annotated boxes and the one in question.
  private func picture(_ card: Card, _ kind: String) -> String {
    let (annotated, sample) = report.measured[card.mistake.image]
    guard let path = annotated.path, let image = try? Image(contentsOf: path), image.width == annotated.width,
      image.height == annotated.height
    else { return "<p class=\"gone\">no longer there</p>" }
    let part = Self.surroundings(of: card.box, image)
    guard
      let crop = try? image.cropped(
        to: PixelRegion(x: part.x, y: part.y, width: part.width, height: part.height))
    else { return "" }
    let scale = Double(Self.side) / Double(max(crop.width, crop.height))
    let (width, height) = (
      max(1, Int(saturating: (Double(crop.width) * scale).rounded())),
      max(1, Int(saturating: (Double(crop.height) * scale).rounded()))
    )
    func mark(_ box: Box, _ color: RGBColor) -> MarkedBox {
      MarkedBox(
        PixelRegion(
          x: (box.x - part.x) * scale, y: (box.y - part.y) * scale, width: box.width * scale,
          height: box.height * scale), color: color)
    }
    var boxes = sample.truths.compactMap { truth in truth.box.clipped(to: part).map { mark($0, Self.truth) } }
    let index = card.found?.classIndex ?? card.truth?.classIndex ?? 0
    if let box = card.box.clipped(to: part) { boxes.append(mark(box, ClassColors.color(of: index))) }
    guard let small = try? crop.resized(width: width, height: height),
      let drawn = try? small.marked(boxes), let bytes = try? drawn.jpegData(quality: 80)
    else { return "" }
    return
      "<img width=\"\(width)\" height=\"\(height)\" alt=\"\(Markup.escaped(kind)): \(card.plainCaption)\" "
      + "src=\"data:image/jpeg;base64,\(Base64.text(bytes))\">"
  }

  /// The box with as much around it, in whole pixels: at least a third of the image's sides.
  private static func surroundings(of box: Box, _ image: Image) -> Box {
    func range(_ start: Double, _ length: Double, _ side: Int) -> (start: Double, length: Double) {
      let wanted = min(max(2 * length, Double(side) / 3).rounded(.up), Double(side))
      let first = (start + length / 2 - wanted / 2).rounded()
      return (min(max(first, 0), Double(side) - wanted), wanted)
    }
    let (x, width) = range(box.x, box.width, image.width)
    let (y, height) = range(box.y, box.height, image.height)
    return Box(x: x, y: y, width: width, height: height)
  }
}
