import VisionTasks
import VisionTraining
import VisionNet

/// The classes of a model of which an evaluation had no images, so it says nothing about them.
struct AbsentClassesText {
  /// Nil if there are images of every class.
  let text: String?

  init(_ metrics: ClassificationMetrics) {
    let absent = metrics.perClass.filter { $0.images == 0 }.map { "'\(FilePath($0.label).printable)'" }
    let list = absent.prefix(8).joined(separator: ", ") + (absent.count > 8 ? ", …" : "")
    text =
      absent.isEmpty
      ? nil
      : "no images of \(absent.count) of the model's \(metrics.labels.count) classes, \(list): the figures are "
        + "those of the others"
  }

  func say(_ messages: Messages) { if let text { messages.note(text) } }
}
