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

  init(
    survey: AnnotatedSurvey, settings: ResolvedSettings, outcome: TrainingOutcome<ObjectDetection>,
    seconds: Double
  ) throws(TrainingError) {
    guard let training = outcome.stages.last(where: { $0.isKept })?.training else {
      throw TrainingError(.settings, "no stage was trained by steps")
    }
    self.training = training
    (self.survey, self.settings, self.outcome, self.seconds) = (survey, settings, outcome, seconds)
  }

  var json: JSON {
    func members(_ scores: DetectionScores?) throws(DetectionEvaluationError) -> JSON {
      guard let scores else { return .null }
      return .object(try DetectionResults(scores.evaluation).members)
    }
    func results(_ scores: DetectionScores?) -> JSON { (try? members(scores)) ?? .null }
    let data = survey.data
    return .object([
      ("schema", JSON.schema), ("data", .string(data.path)),
      ("labels", .array(data.classes.map { .string($0) })),
      ("trainingImages", .integer(data.training.count)),
      ("validationImages", .integer(data.validation.count)), ("testImages", .integer(data.test.count)),
      ("validation", results(outcome.validation)), ("test", results(outcome.test)),
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
        numbers[measure].map { Figures.fixed($0, 3) } ?? "none"
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
          + worst.map { "\(FilePath($0.0).printable) \(Figures.fixed($0.1, 3))" }.joined(separator: ", "))
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
}
