import VisionTasks
import VisionTraining
import VisionNet
import VisionSystem

/// The result of `train` on a pretrained network, as text and JSON.
struct TrainingReport {
  let result: TransferLearning.Result
  let seconds: Double

  var json: JSON {
    let selection = result.selection
    return [
      "schema": JSON.schema, "data": .string(result.data.root),
      "labels": .array(result.model.labels.map { .string($0) }),
      "trainingImages": .integer(result.data.training.count),
      "validationImages": .integer(result.data.validation.count),
      "testImages": .integer(result.data.test.count),
      "refitted": .bool(result.isRefitted),
      "top1": result.validation.map { .number($0.top1) } ?? .null,
      "validation": result.validation.map { .object(MetricsReport(metrics: $0).members) } ?? .null,
      "test": result.test.map { .object(MetricsReport(metrics: $0).members) } ?? .null,
      "training": .object(MetricsReport(metrics: result.training).members),
      "head": [
        "scaling": .string(selection.best.scaling.rawValue), "penalty": .number(selection.best.penalty),
        "folds": .integer(selection.folds), "temperature": .number(result.calibration.temperature),
        "threshold": result.calibration.threshold.map { .number($0) } ?? .null,
      ],
      "fineTuning": result.fineTuned.map { tuned in
        [
          "setting": .string("\(tuned.settings[.fineTuning])"),
          "kept": .bool(tuned.isKept),
          "frozenTop1": tuned.frozen.map { .number($0.top1) } ?? .null,
          "tunedTop1": tuned.tuned.map { .number($0.top1) } ?? .null,
          "epochs": .integer(tuned.training.epochs),
          "bestEpoch": tuned.training.best.map { .integer($0.epoch) } ?? .null,
        ]
      } ?? .null,
      "skipped": JSON.list(result.skipped),
      "seconds": .number(Figures.rounded(seconds, 2)), "featuresFromCache": .integer(result.cached),
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
          + (result.isRefitted ? ", held back; the model then learned from them too" : ""))
      let worst = metrics.perClass.filter { $0.images > 0 && $0.right < $0.images }
        .sorted { ($0.recall ?? 1) < ($1.recall ?? 1) }.prefix(3)
      let classes = worst.map {
        "\(FilePath($0.label).printable) \(Figures.percent($0.recall ?? 1, within: $0.recallInterval))"
      }
      if !classes.isEmpty { lines.append("hardest classes   " + classes.joined(separator: ", ")) }
    } else {
      lines.append("validation top-1  none: no images were held back")
    }
    if let tuned = result.fineTuned, let frozen = tuned.frozen, let after = tuned.tuned {
      lines.append(
        "fine-tuning       \(Figures.percent(frozen.top1, within: frozen.top1Interval)) with the last layer alone, "
          + "\(Figures.percent(after.top1, within: after.top1Interval)) after fine-tuning: \(tuned.isKept ? "the fine-tuned network" : "the network with the last layer alone") is kept"
      )
    }
    if let threshold = result.calibration.threshold {
      lines.append("unknown           below a probability of \(threshold)")
    }
    if !result.skipped.isEmpty {
      let count = result.skipped.count
      lines.append(
        "skipped           \(count) \(count == 1 ? "file" : "files"), named above and in metrics.json")
    }
    lines.append(
      "time              \(Figures.rounded(seconds, 1)) s"
        + (result.cached > 0 ? ", the features of \(result.cached) images from the cache" : ""))
    lines.append("model             \(FilePath(model).printable)")
    lines.append("try it            \(Self.command(model: model))")
    return lines.joined(separator: "\n")
  }

  /// The command that tries a model.
  ///
  /// - Parameter options: further options that it needs, with their files.
  static func command(model: String, options: [(name: String, file: String)] = []) -> String {
    let more = options.map { " \($0.name) \(ShellText.quoted($0.file))" }.joined()
    return "visionnet classify --model \(ShellText.quoted(model))\(more) IMAGE"
  }
}
