import VisionNet
import VisionSystem

/// The report of `evaluate` on images that the model saw in training.
struct SeenReport {
  let seen: SeenImages

  /// Nil if the model's file does not record the images of its training.
  init?(_ result: ImageClassifier.Evaluation, _ classifier: ImageClassifier, threads: Int?) {
    guard let seen = classifier.seenImages(of: result, threads: threads) else { return nil }
    self.seen = seen
  }

  static func say(_ report: SeenReport?, _ messages: Messages) {
    if let warning = report?.warning { messages.warning(warning) }
    if report == nil {
      messages.note(
        "the model does not say which images it was trained on: whether these are among them is not known")
    }
  }

  /// The text of a warning; nil if the figures are a valid test result.
  var warning: String? {
    guard seen.isAny else {
      return seen.unknown == 0
        ? nil
        : "the model knows a sample of its training images only: whether \(Self.these(seen.unknown)) among them is unknown"
    }
    let (images, training, validation) = (seen.images, seen.training, seen.validation)
    let all = images == 1 ? "the only image" : "all \(images) images"
    let atLeast = seen.unknown > 0 ? "at least " : ""
    var text: String
    if training == images {
      text = "\(all) \(Self.were(images)) used to train this model"
    } else if validation == images {
      text = "\(all) \(Self.were(images)) used to choose the settings of this model"
    } else if training > 0 {
      text = "\(atLeast)\(training) of \(images) images \(Self.were(training)) used to train this model"
      if validation > 0 { text += ", and \(validation) to choose its settings" }
    } else {
      text =
        "\(atLeast)\(validation) of \(images) images \(Self.were(validation)) used to choose the settings of this model"
    }
    if let others = seen.metricsOfOthers {
      text += "; without them: top-1 \(Figures.top1(others))"
    } else {
      text += "; this is not a test result"
    }
    return text
  }

  /// The line below `images` in the figures; nil if no image was seen.
  var line: String? {
    guard seen.isAny else { return nil }
    let parts = [
      seen.training > 0 ? "\(seen.training) in training" : nil,
      seen.validation > 0 ? "\(seen.validation) in validation" : nil,
      seen.unknown > 0 ? "\(seen.unknown) unknown" : nil,
    ].compactMap { $0 }
    let others = seen.metricsOfOthers.map { "; of the others top-1 \(Figures.top1($0))" } ?? ""
    return "seen before        \(parts.joined(separator: ", "))\(others)"
  }

  /// An object with the counts, and the figures on the unseen images.
  var json: JSON {
    [
      "training": .integer(seen.training), "validation": .integer(seen.validation),
      "unknown": .integer(seen.unknown), "unseen": .integer(seen.metricsOfOthers?.images ?? 0),
      "unseenTop1": seen.metricsOfOthers.map { .number($0.top1) } ?? .null,
      "unseenTop1Interval95": seen.metricsOfOthers.map {
        .array([.number($0.top1Interval.low), .number($0.top1Interval.high)])
      } ?? .null,
    ]
  }

  private static func were(_ count: Int) -> String { count == 1 ? "was" : "were" }
  private static func these(_ count: Int) -> String { count == 1 ? "1 image is" : "\(count) images are" }
}
