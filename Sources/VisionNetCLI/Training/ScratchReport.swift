import VisionData
import VisionLayers
import VisionTasks
import VisionTraining
import VisionNet
import VisionSystem

/// The result of training from scratch, as text and JSON.
struct ScratchReport {
  let survey: FolderSurvey
  let settings: ResolvedSettings
  let outcome: TrainingOutcome<Classification>
  let seconds: Double
  let architecture: Architecture
  let training: TrainingResult
  /// The metrics on the validation and on the test images; nil without images.
  let validation: ClassificationMetrics?
  let test: ClassificationMetrics?

  init(
    survey: FolderSurvey, settings: ResolvedSettings, outcome: TrainingOutcome<Classification>,
    seconds: Double
  ) throws(TrainingError) {
    guard let training = outcome.stages.last?.training else {
      throw TrainingError(.settings, "no stage was trained by steps")
    }
    architecture = try ScratchNetwork.architecture(settings[.architecture] ?? "")
    self.training = training
    (self.survey, self.settings, self.outcome, self.seconds) = (survey, settings, outcome, seconds)
    (validation, test) = (outcome.validation?.metrics, outcome.test?.metrics)
  }

  var json: JSON {
    let data = survey.data
    let (best, calibration) = (training.best, outcome.calibrated.calibration)
    return [
      "schema": JSON.schema, "data": .string(data.root), "labels": .array(data.labels.map { .string($0) }),
      "trainingImages": .integer(data.training.count), "validationImages": .integer(data.validation.count),
      "testImages": .integer(data.test.count), "architecture": .string(architecture.name),
      "top1": validation.map { .number($0.top1) } ?? .null,
      "validation": validation.map { .object(MetricsReport(metrics: $0).members) } ?? .null,
      "test": test.map { .object(MetricsReport(metrics: $0).members) } ?? .null,
      "epochs": .integer(training.epochs), "steps": .integer(training.steps),
      "ending": .string(training.ending.rawValue),
      "bestEpoch": best.map { .integer($0.epoch) } ?? .null,
      "temperature": .number(calibration.temperature),
      "threshold": calibration.threshold.map { .number($0) } ?? .null,
      "skipped": JSON.list(survey.skipped),
      "seconds": .number(Figures.rounded(seconds, 2)),
    ]
  }

  func text(model: String) -> String {
    var lines: [String] = []
    if let metrics = test {
      lines.append(
        "test top-1        \(Figures.top1(metrics)) images"
      )
    }
    if let metrics = validation {
      lines.append(
        "validation top-1  \(Figures.top1(metrics)) images"
      )
      let worst = metrics.perClass.filter { $0.images > 0 && $0.right < $0.images }
        .sorted { ($0.recall ?? 1) < ($1.recall ?? 1) }.prefix(3)
      let classes = worst.map {
        "\(FilePath($0.label).printable) \(Figures.percent($0.recall ?? 1, within: $0.recallInterval))"
      }
      if !classes.isEmpty { lines.append("hardest classes   " + classes.joined(separator: ", ")) }
    } else {
      lines.append("validation top-1  none: no images were held back")
    }
    let epochs = training.epochs
    var kept = "weights           those of the last epoch, \(epochs)"
    if let best = training.best {
      kept = "weights           those of epoch \(best.epoch) of \(epochs), the best"
    }
    if training.ending == .stopped { kept += "; stopped, since none got better" }
    lines.append(kept)
    if let threshold = outcome.calibrated.calibration.threshold {
      lines.append("unknown           below a probability of \(threshold)")
    }
    let skipped = survey.skipped.count
    if skipped > 0 {
      lines.append(
        "skipped           \(skipped) \(skipped == 1 ? "file" : "files"), named above and in metrics.json")
    }
    lines.append("time              \(Figures.duration(seconds))")
    lines.append("model             \(FilePath(model).printable)")
    lines.append("try it            \(TrainingReport.command(model: model))")
    return lines.joined(separator: "\n")
  }
}
