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
  let summary: RunSummary

  init(
    survey: FolderSurvey, settings: ResolvedSettings, outcome: TrainingOutcome<Classification>,
    seconds: Double
  ) throws(TrainingError) {
    guard let training = outcome.stages.last?.training else {
      throw TrainingError(.settings, "no stage was trained by steps")
    }
    architecture = try ScratchNetwork.architecture(of: settings)
    self.training = training
    (self.survey, self.settings, self.outcome, self.seconds) = (survey, settings, outcome, seconds)
    summary = RunSummary(
      data: survey.data, validation: outcome.validation?.metrics, test: outcome.test?.metrics,
      threshold: outcome.calibrated.calibration.threshold, skipped: survey.skipped)
  }

  var json: JSON {
    let calibration = outcome.calibrated.calibration
    return .object(
      summary.dataMembers + [("architecture", .string(architecture.name))] + summary.metricsMembers + [
        ("epochs", .integer(training.epochs)), ("steps", .integer(training.steps)),
        ("ending", .string(training.ending.rawValue)),
        ("bestEpoch", training.best.map { .integer($0.epoch) } ?? .null),
        ("temperature", .number(calibration.temperature)),
        ("threshold", calibration.threshold.map { .number($0) } ?? .null),
        ("skipped", JSON.list(survey.skipped)), ("seconds", .number(Figures.rounded(seconds, 2))),
      ])
  }

  func text(model: String) -> String {
    let epochs = training.epochs
    var kept = "weights           those of the last epoch, \(epochs)"
    if let best = training.best {
      kept = "weights           those of epoch \(best.epoch) of \(epochs), the best"
    }
    if training.ending == .stopped { kept += "; stopped, since none got better" }
    return summary.text([kept], time: Figures.duration(seconds), model: model)
  }
}
