import VisionTraining
import VisionNet
import VisionSystem

/// The result of training from scratch, as text and JSON.
struct ScratchReport {
  let training: ScratchTraining
  let result: ScratchTraining.Result
  let seconds: Double

  var json: JSON {
    let data = training.survey.data
    let best = result.training.best
    return [
      "schema": JSON.schema, "data": .string(data.root), "labels": .array(data.labels.map { .string($0) }),
      "trainingImages": .integer(data.training.count), "validationImages": .integer(data.validation.count),
      "testImages": .integer(data.test.count), "architecture": .string(training.architecture.name),
      "top1": result.validation.map { .number($0.top1) } ?? .null,
      "validation": result.validation.map { .object(MetricsReport(metrics: $0).members) } ?? .null,
      "test": result.test.map { .object(MetricsReport(metrics: $0).members) } ?? .null,
      "epochs": .integer(result.training.epochs), "steps": .integer(result.training.steps),
      "ending": .string(result.training.ending.rawValue),
      "bestEpoch": best.map { .integer($0.epoch) } ?? .null,
      "temperature": .number(result.calibration.temperature),
      "threshold": result.calibration.threshold.map { .number($0) } ?? .null,
      "skipped": JSON.list(training.survey.skipped),
      "seconds": .number(Figures.rounded(seconds, 2)),
    ]
  }

  func text(model: String) -> String {
    var lines: [String] = []
    if let metrics = result.test {
      lines.append(
        "test top-1        \(Figures.top1(metrics)) images"
      )
    }
    if let metrics = result.validation {
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
    let epochs = result.training.epochs
    var kept = "weights           those of the last epoch, \(epochs)"
    if let best = result.training.best {
      kept = "weights           those of epoch \(best.epoch) of \(epochs), the best"
    }
    if result.training.ending == .stopped { kept += "; stopped, since none got better" }
    lines.append(kept)
    if let threshold = result.calibration.threshold {
      lines.append("unknown           below a probability of \(threshold)")
    }
    let skipped = training.survey.skipped.count
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
