import VisionData
import VisionImage
import VisionNet
import VisionSystem
import VisionTasks
import VisionTraining

/// The result of training a detector, as text and JSON.
struct DetectorReport {
  let survey: AnnotatedSurvey
  let settings: ResolvedSettings
  let outcome: TrainingOutcome<ObjectDetection>
  let seconds: Double
  let training: TrainingResult
  /// Of the validation images; nil without them.
  let results: DetectionResults?
  /// Of the test images; nil without them.
  let test: DetectionResults?

  init(
    survey: AnnotatedSurvey, settings: ResolvedSettings, outcome: TrainingOutcome<ObjectDetection>,
    seconds: Double
  ) throws {
    guard let training = outcome.stages.last(where: { $0.isKept })?.training else {
      throw TrainingError(.settings, "no stage was trained by steps")
    }
    self.training = training
    (self.survey, self.settings, self.outcome, self.seconds) = (survey, settings, outcome, seconds)
    results = try outcome.validation.map { try DetectionResults($0.evaluation) }
    // What the model answers with; the test images have not chosen it.
    let confidence = Double(outcome.calibrated.selection.confidence)
    test = try outcome.test.map { try DetectionResults($0.evaluation, confidence: confidence) }
  }

  var json: JSON {
    func members(_ results: DetectionResults?) -> JSON { results.map { .object($0.members) } ?? .null }
    let data = survey.data
    return .object([
      ("schema", JSON.schema), ("data", .string(data.path)),
      ("labels", .array(data.classes.map { .string($0) })),
      ("trainingImages", .integer(data.training.count)),
      ("validationImages", .integer(data.validation.count)), ("testImages", .integer(data.test.count)),
      ("validation", members(results)), ("test", members(test)),
      ("epochs", .integer(training.epochs)), ("steps", .integer(training.steps)),
      ("ending", .string(training.ending.rawValue)),
      ("bestEpoch", training.best.map { .integer($0.epoch) } ?? .null),
      ("confidence", .number(Double(outcome.calibrated.selection.confidence))),
      ("skipped", JSON.list(survey.skipped)), ("seconds", .number(Figures.rounded(seconds, 2))),
    ])
  }

  func text(model: String) -> String {
    func line(_ title: String, _ scores: DetectionScores, _ images: Int) -> String {
      let numbers = scores.evaluation.metrics().numbers
      func percent(_ measure: DetectionMeasure) -> String {
        numbers[measure].map { Figures.percent($0, places: 1) } ?? "none"
      }
      return
        "\(title)mAP50-95 \(percent(.averagePrecision)), mAP50 \(percent(.averagePrecision50)) on \(images) images"
    }
    var lines: [String] = []
    let data = survey.data
    if let test = outcome.test { lines.append(line("test        ", test, data.test.count)) }
    if let held = outcome.validation {
      lines.append(line("validation  ", held, data.validation.count))
      let worst = held.evaluation.metrics().perClass
        .compactMap { item in item.numbers[.averagePrecision].map { (item.label, $0) } }
        .sorted { $0.1 < $1.1 }.prefix(3)
      lines.append(
        "hardest     "
          + worst.map { "\(FilePath($0.0).printable) \(Figures.percent($0.1, places: 1))" }.joined(
            separator: ", "))
    } else {
      lines.append("validation  none: no images were held back")
    }
    let epochs = training.epochs
    var kept = "weights     those of the last epoch, \(epochs)"
    if let best = training.best { kept = "weights     those of epoch \(best.epoch) of \(epochs), the best" }
    lines.append(kept)
    lines.append(
      "confidence  from \(Figures.fixed(Double(outcome.calibrated.selection.confidence), 2) ), with the best F1"
    )
    if !survey.skipped.isEmpty {
      let count = survey.skipped.count
      lines.append("skipped     \(count) \(count == 1 ? "file" : "files"), named above and in metrics.json")
    }
    lines.append("time        \(Figures.duration(seconds))")
    lines.append("model       \(FilePath(model).printable)")
    lines.append("try it      visionnet detect --model \(ShellText.quoted(model)) IMAGE")
    return lines.joined(separator: "\n")
  }

  /// The page of the report; nil where nothing was measured.
  func page(model: String) -> DetectionReport? {
    let data = survey.data
    // Test images lead: the epoch and the confidence were chosen by the validation images.
    let isTest = test != nil
    guard let shown = test ?? results, let scores = isTest ? outcome.test : outcome.validation else {
      return nil
    }
    let images = isTest ? data.test : data.validation
    let part = isTest ? "test images" : "validation images, by which the epoch and the confidence were chosen"
    var report = DetectionReport(
      title: data.name,
      summary:
        "A detector for \(data.classes.count) \(data.classes.count == 1 ? "class" : "classes"), trained on "
        + "\(data.training.count) images.",
      results: shown,
      measuredOn: "\(images.count) \(part); it has learned from none of them",
      classes: data.classes)
    let samples = scores.evaluation.samples
    if samples.count == images.count { report.measured = Array(zip(images, samples)) }
    if isTest, let results { report.further = [("validation", results.metrics)] }
    report.epochs = training.history
    report.parts = [("training", data.training), ("validation", data.validation), ("test", data.test)]
      .filter { !$0.1.isEmpty }
    report.skipped = survey.skipped
    report.input = settings[.imageSize]
    report.confidence = Double(outcome.calibrated.selection.confidence)
    report.run.seconds = seconds
    report.run.hardware = Machine.text(threads: settings[.threads])
    report.run.command = "visionnet detect --model \(ShellText.quoted(model)) IMAGE"
    report.run.configuration = RunFolder.rows(settings)
    return report
  }
}
