import VisionImage
import VisionNet
import VisionSystem
import VisionTasks

/// What the reports of all trainings of classifiers say, as text and JSON.
struct RunSummary {
  let data: ImageFolder
  /// The metrics on the validation and on the test images; nil without images.
  let validation: ClassificationMetrics?
  let test: ClassificationMetrics?
  let threshold: Double?
  let skipped: [SkippedFile]

  /// The first members of the JSON object.
  var dataMembers: [(String, JSON)] {
    [
      ("schema", JSON.schema), ("data", .string(data.root)),
      ("labels", .array(data.labels.map { .string($0) })),
      ("trainingImages", .integer(data.training.count)),
      ("validationImages", .integer(data.validation.count)), ("testImages", .integer(data.test.count)),
    ]
  }

  var metricsMembers: [(String, JSON)] {
    func members(_ metrics: ClassificationMetrics?) -> JSON {
      metrics.map { .object(MetricsReport(metrics: $0).members) } ?? .null
    }
    return [
      ("top1", validation.map { .number($0.top1) } ?? .null), ("validation", members(validation)),
      ("test", members(test)),
    ]
  }

  /// - Parameters:
  ///   - held: added to the line of the validation images.
  ///   - lines: the lines of the kind of training.
  ///   - time: how long it took.
  ///   - model: the path of the model's file.
  func text(held: String = "", _ lines: [String], time: String, model: String) -> String {
    var all: [String] = []
    if let test { all.append("test top-1        \(Figures.top1(test)) images") }
    if let validation {
      all.append("validation top-1  \(Figures.top1(validation)) images\(held)")
      let worst = validation.perClass.filter { $0.images > 0 && $0.right < $0.images }
        .sorted { ($0.recall ?? 1) < ($1.recall ?? 1) }.prefix(3)
      let classes = worst.map {
        "\(FilePath($0.label).printable) \(Figures.percent($0.recall ?? 1, within: $0.recallInterval))"
      }
      if !classes.isEmpty { all.append("hardest classes   " + classes.joined(separator: ", ")) }
    } else {
      all.append("validation top-1  none: no images were held back")
    }
    all += lines
    if let threshold { all.append("unknown           below a probability of \(threshold)") }
    if !skipped.isEmpty {
      let count = skipped.count
      all.append(
        "skipped           \(count) \(count == 1 ? "file" : "files"), named above and in metrics.json")
    }
    all.append("time              \(time)")
    all.append("model             \(FilePath(model).printable)")
    all.append("try it            \(Self.command(model: model))")
    return all.joined(separator: "\n")
  }

  /// The command that tries a model.
  ///
  /// - Parameter options: further options that it needs, with their files.
  static func command(model: String, options: [(name: String, file: String)] = []) -> String {
    let more = options.map { " \($0.name) \(ShellText.quoted($0.file))" }.joined()
    return "visionnet classify --model \(ShellText.quoted(model))\(more) IMAGE"
  }
}
