import VisionData
import VisionReport
import VisionTraining
import VisionCompute
import VisionImage
import VisionModel
import VisionSystem
import VisionTensor

/// Pictures that deserve a look: sure mistakes with what led to them, and labels in doubt.
struct PicturesSection {
  let content: TrainingReportContent
  let predictions: ClassifiedPictures
  let executor: Executor

  /// The longer side of a picture in the page, in pixels: enough for two on a phone's screen.
  private static let side = 240

  var mistakes: ReportSection? {
    let mistakes = predictions.mistakes
    let shown = Array(mistakes.prefix(content.shownPictures))
    let hasHeat = content.heatMap != nil && !shown.isEmpty
    let cards = cards(shown) { guess in
      "shows \(name(guess.picture.label)) (\(percent(guess.ownProbability))), taken for "
        + "\(name(guess.predicted)) (<b>\(percent(guess.probability))</b>)"
    } heat: {
      $0.predicted
    }
    let heat =
      hasHeat
      ? " Beside each picture, the places that spoke for the wrong answer are coloured, the lighter the more."
      : ""
    let count =
      "\(Numeral.count(mistakes.count)) of \(Numeral.count(predictions.count)) pictures are mistaken"
    let rest = mistakes.count > shown.count ? "; the \(shown.count) surest are shown." : "."
    return ReportSection(
      id: "mistakes", title: "Most confident mistakes",
      reading: "The pictures that the model was surest about and wrong.\(heat)",
      body: "<p>\(count)\(rest)</p>" + cards)
  }

  var doubtfulLabels: ReportSection? {
    let doubtful = predictions.doubtfulLabels
    let shown = Array(doubtful.prefix(content.shownPictures))
    let cards = cards(shown) { guess in
      "labelled \(name(guess.picture.label)) (\(percent(guess.ownProbability))), looks like "
        + "\(name(guess.predicted)) (<b>\(percent(guess.probability))</b>)"
    }
    let rest = doubtful.count > shown.count ? " The \(shown.count) most doubtful are shown." : ""
    let searched = "\(Numeral.count(predictions.count)) pictures"
    let verb = doubtful.count == 1 ? "label is" : "labels are"
    let body =
      doubtful.isEmpty
      ? "<p>Of \(searched), no label looks wrong.</p>"
      : "<p>Of \(searched), \(Numeral.count(doubtful.count)) \(verb) in doubt.\(rest)</p>" + cards
    return ReportSection(
      id: "labels", title: "Labels that look wrong",
      reading:
        "The model is as sure of another class as it usually is, and less sure of the label than usual (confident "
        + "learning): check whether the picture lies in the wrong folder. It cannot tell of pictures that it learned from.",
      body: body)
  }

  private func name(_ label: Int) -> String { "<b>\(Markup.name(content.labels[label]))</b>" }

  /// Never 100 % for what is not certain.
  private func percent(_ probability: Float) -> String {
    let part = Double(probability)
    if part < 1, part > 0.9995 { return "&gt;\u{a0}99.9\u{a0}%" }
    if part > 0, part < 0.0005 { return "&lt;\u{a0}0.1\u{a0}%" }
    return Numeral.percent(part, 1)
  }

  private func cards(
    _ guesses: [ClassifiedPictures.Guess], _ caption: (ClassifiedPictures.Guess) -> String,
    heat: ((ClassifiedPictures.Guess) -> Int)? = nil
  ) -> String {
    guard !guesses.isEmpty else { return "" }
    let pictures = Locked([String](repeating: "", count: guesses.count))
    let heats = guesses.map { heat?($0) }
    executor.forEach(count: guesses.count) { index, _ in
      let html = images(guesses[index], heat: heats[index])
      pictures.withLock { $0[index] = html }
    }
    let drawn = pictures.withLock { $0 }
    let items = zip(guesses, drawn).map { guess, html in
      "<figure><div class=\"pair\">\(html)</div><figcaption>\(caption(guess))"
        + "<small class=\"path\">\(Markup.name(guess.picture.relativePath))</small></figcaption></figure>\n"
    }
    return "<div class=\"cards\(heat == nil ? " small" : "")\">\(items.joined())</div>"
  }

  private func images(_ guess: ClassifiedPictures.Guess, heat: Int?) -> String {
    guard let picture = content.picture(guess.picture) else { return "<p class=\"gone\">no longer there</p>" }
    var text = element(picture, Markup.escaped(guess.picture.relativePath))
    if let heat, let map = content.heatMap?(picture, heat) {
      text += element(map, "where the evidence for \(Markup.escaped(content.labels[heat])) lies")
    }
    return text
  }

  private func element(_ picture: Image, _ description: String) -> String {
    let longer = max(picture.width, picture.height)
    let scale = min(1, Double(Self.side) / Double(longer))
    let (width, height) = (
      max(1, Int(saturating: Double(picture.width) * scale)),
      max(1, Int(saturating: Double(picture.height) * scale))
    )
    let small = scale < 1 ? try? picture.resized(width: width, height: height) : picture
    // Tiny pictures, such as digits, stay as they are; others would be large as PNG.
    let isTiny = longer <= 64
    guard let bytes = isTiny ? try? small?.pngData() : try? small?.jpegData(quality: 80) else { return "" }
    return "<img\(isTiny ? " class=\"tiny\"" : "") width=\"\(width)\" height=\"\(height)\" loading=\"lazy\" "
      + "alt=\"\(description)\" src=\"data:image/\(isTiny ? "png" : "jpeg");base64,\(Base64.text(bytes))\">"
  }
}
