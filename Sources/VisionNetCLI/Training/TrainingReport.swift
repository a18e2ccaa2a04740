import VisionTasks
import VisionTraining
import VisionNet
import VisionSystem

/// The result of `train` on a pretrained network, as text and JSON.
struct TrainingReport {
  let result: TransferLearning.Result
  let seconds: Double

  private var summary: RunSummary {
    RunSummary(
      data: result.data, validation: result.validation, test: result.test,
      threshold: result.calibration.threshold, skipped: result.skipped)
  }

  var json: JSON {
    let (selection, calibration) = (result.selection, result.calibration)
    let head: JSON = [
      "scaling": .string(selection.best.scaling.rawValue), "penalty": .number(selection.best.penalty),
      "folds": .integer(selection.folds), "temperature": .number(calibration.temperature),
      "threshold": calibration.threshold.map { .number($0) } ?? .null,
    ]
    return .object(
      summary.dataMembers + [("refitted", .bool(result.isRefitted))] + summary.metricsMembers + [
        ("training", .object(MetricsReport(metrics: result.training).members)), ("head", head),
        ("fineTuning", result.fineTuned.map(Self.json) ?? .null), ("skipped", JSON.list(result.skipped)),
        ("seconds", .number(Figures.rounded(seconds, 2))), ("featuresFromCache", .integer(result.cached)),
      ])
  }

  private static func json(_ tuned: TransferLearning.FineTuned) -> JSON {
    [
      "setting": .string("\(tuned.settings[.fineTuning])"), "kept": .bool(tuned.isKept),
      "frozenTop1": tuned.frozen.map { .number($0.top1) } ?? .null,
      "tunedTop1": tuned.tuned.map { .number($0.top1) } ?? .null,
      "epochs": .integer(tuned.training.epochs),
      "bestEpoch": tuned.training.best.map { .integer($0.epoch) } ?? .null,
    ]
  }

  func text(model: String) -> String {
    var lines: [String] = []
    if let tuned = result.fineTuned, let frozen = tuned.frozen, let after = tuned.tuned {
      lines.append(
        "fine-tuning       \(Figures.percent(frozen.top1, within: frozen.top1Interval)) with the last layer alone, "
          + "\(Figures.percent(after.top1, within: after.top1Interval)) after fine-tuning: "
          + "\(tuned.isKept ? "the fine-tuned network" : "the network with the last layer alone") is kept")
    }
    return summary.text(
      held: result.isRefitted ? ", held back; the model then learned from them too" : "", lines,
      time: "\(Figures.rounded(seconds, 1)) s"
        + (result.cached > 0 ? ", the features of \(result.cached) images from the cache" : ""),
      model: model)
  }
}
