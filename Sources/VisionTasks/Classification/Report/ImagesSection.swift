import VisionData
import VisionReport
import VisionTraining
import VisionCompute
import VisionImage
import VisionModel
import VisionSystem
import VisionTensor

/// The sections of a report with images to look at: confident mistakes with their evidence, and doubtful
/// labels.
struct ImagesSection {
  let content: TrainingReportContent
  let predictions: ClassifiedImages
  let executor: Executor

  /// The longer side of an image on the page, in pixels: two images fit side by side on a phone.
  private static let side = 240

  var mistakes: ReportSection? {
    let mistakes = predictions.mistakes
    let shown = Array(mistakes.prefix(content.shownImages))
    let hasHeat = content.heatMap != nil && !shown.isEmpty
    let cards = cards(shown) { guess in
      "shows \(name(guess.image.label)) (\(percent(guess.ownProbability))), taken for "
        + "\(name(guess.predicted)) (<b>\(percent(guess.probability))</b>)"
    } heat: {
      $0.predicted
    }
    let heat =
      hasHeat
      ? " Beside each image, the regions that are evidence for the wrong answer are colored; lighter means more."
      : ""
    let count =
      "\(Numeral.count(mistakes.count)) of \(Numeral.count(predictions.count)) images are classified wrongly"
    let rest = mistakes.count > shown.count ? "; the \(shown.count) surest are shown." : "."
    return ReportSection(
      id: "mistakes", title: "Most confident mistakes",
      reading: "The images that the model was surest about and wrong.\(heat)",
      body: "<p>\(count)\(rest)</p>" + cards)
  }

  var doubtfulLabels: ReportSection? {
    let doubtful = predictions.doubtfulLabels
    let shown = Array(doubtful.prefix(content.shownImages))
    let cards = cards(shown) { guess in
      "labeled \(name(guess.image.label)) (\(percent(guess.ownProbability))), looks like "
        + "\(name(guess.predicted)) (<b>\(percent(guess.probability))</b>)"
    }
    let rest = doubtful.count > shown.count ? " The \(shown.count) most doubtful are shown." : ""
    let searched = "\(Numeral.count(predictions.count)) images"
    let verb = doubtful.count == 1 ? "label is" : "labels are"
    let body =
      doubtful.isEmpty
      ? "<p>Of \(searched), no label looks wrong.</p>"
      : "<p>Of \(searched), \(Numeral.count(doubtful.count)) \(verb) in doubt.\(rest)</p>" + cards
    return ReportSection(
      id: "labels", title: "Labels that look wrong",
      reading:
        "The model is as sure of another class as it usually is, and less sure of the label than usual (confident "
        + "learning): check whether the image lies in the wrong folder. Each image was judged by a model that had not learned from it.",
      body: body)
  }

  private func name(_ label: Int) -> String { "<b>\(Markup.name(content.labels[label]))</b>" }

  /// A probability in percent; never 100 % for a probability below 1.
  private func percent(_ probability: Float) -> String {
    let part = Double(probability)
    if part < 1, part > 0.9995 { return "&gt;\u{a0}99.9\u{a0}%" }
    if part > 0, part < 0.0005 { return "&lt;\u{a0}0.1\u{a0}%" }
    return Numeral.percent(part, 1)
  }

  private func cards(
    _ guesses: [ClassifiedImages.Guess], _ caption: (ClassifiedImages.Guess) -> String,
    heat: ((ClassifiedImages.Guess) -> Int)? = nil
  ) -> String {
    guard !guesses.isEmpty else { return "" }
    let figures = Locked([String](repeating: "", count: guesses.count))
    let heats = guesses.map { heat?($0) }
    executor.forEach(count: guesses.count) { index, _ in
      let html = images(guesses[index], heat: heats[index])
      figures.withLock { $0[index] = html }
    }
    let drawn = figures.withLock { $0 }
    let items = zip(guesses, drawn).map { guess, html in
      "<figure><div class=\"pair\">\(html)</div><figcaption>\(caption(guess))"
        + "<small class=\"path\">\(Markup.name(guess.image.relativePath))</small></figcaption></figure>\n"
    }
    return "<div class=\"cards\(heat == nil ? " small" : "")\">\(items.joined())</div>"
  }

  private func images(_ guess: ClassifiedImages.Guess, heat: Int?) -> String {
    guard let image = content.image(guess.image) else { return "<p class=\"gone\">no longer there</p>" }
    let (own, other) = (content.labels[guess.image.label], content.labels[guess.predicted])
    var text = element(
      image,
      Markup.escaped(heat == nil ? "labeled \(own), looks like \(other)" : "\(own), taken for \(other)"))
    if let heat, let map = content.heatMap?(image, heat) {
      text += element(map, "where the evidence for \(Markup.escaped(content.labels[heat])) lies")
    }
    return text
  }

  private func element(_ image: Image, _ description: String) -> String {
    let longer = max(image.width, image.height)
    let scale = min(1, Double(Self.side) / Double(longer))
    let (width, height) = (
      max(1, Int(saturating: Double(image.width) * scale)),
      max(1, Int(saturating: Double(image.height) * scale))
    )
    let small = scale < 1 ? try? image.resized(width: width, height: height) : image
    // Tiny images, such as digits, are stored without loss; larger images would take too much space as PNG.
    let isTiny = longer <= 64
    guard let bytes = isTiny ? try? small?.pngData() : try? small?.jpegData(quality: 80) else { return "" }
    return "<img\(isTiny ? " class=\"tiny\"" : "") width=\"\(width)\" height=\"\(height)\" "
      + "alt=\"\(description)\" src=\"data:image/\(isTiny ? "png" : "jpeg");base64,\(Base64.text(bytes))\">"
  }
}
