import ArgumentParser
import VisionNet
import VisionTasks

/// Which of a detector's boxes count as results.
struct SelectionFlags: ParsableArguments {
  @Option(
    help: "The lowest score that counts, 0...1. (default: the model's own, else 0.25; in evaluations 0.001)")
  var confidence: Float?

  @Option(
    help:
      "The overlap, 0...1, above which the box with the lower score is dropped. (default: the model's own, else 0.7)"
  )
  var iou: Double?

  @Option(help: "The most boxes in an image.")
  var max = 300

  func validate() throws {
    guard confidence.map({ (0...1).contains($0) }) ?? true else {
      throw ValidationError("--confidence must be from 0 to 1")
    }
    guard iou.map({ (0...1).contains($0) }) ?? true else {
      throw ValidationError("--iou must be from 0 to 1")
    }
    guard max >= 1 else { throw ValidationError("--max must be at least 1") }
  }

  /// The selection of a model with these values.
  func applied(to selection: BoxSelection) -> BoxSelection {
    var selection = selection
    if let confidence { selection.confidence = confidence }
    if let iou { selection.overlap = iou }
    selection.maximum = max
    return selection
  }
}
