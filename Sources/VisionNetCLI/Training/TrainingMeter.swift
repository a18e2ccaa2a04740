import VisionTasks
import VisionTraining
import VisionInference
import VisionNet
import VisionSystem
import VisionTensor

/// Shows the progress of training on standard error, and writes its events to the run's folder as they occur.
///
/// On a terminal the progress is one changing line, elsewhere one line per tenth of the work.
final class TrainingMeter: Sendable {
  private struct State {
    var tenth = 0
    var shown = 0.0
  }

  private let messages: Messages
  private let events: Output
  /// The number of images on which settings are compared.
  private let heldBack: Int
  private let began = POSIX.seconds
  private let bar: ProgressBar
  private let state = Locked(State())

  /// - Parameter events: receives one JSON object per line.
  init(_ messages: Messages, events: Output, heldBack: Int) {
    self.heldBack = heldBack
    self.messages = messages
    self.events = events
    bar = ProgressBar(messages)
  }

  var seconds: Double { POSIX.seconds - began }

  /// A failed write to the log does not end the run; writing the model will report a full disk.
  func add(_ event: JSON) {
    guard case .object(let members) = event else { return }
    try? events.writeLine(JSON.object([("schema", JSON.schema)] + members).text)
  }

  func show(_ event: TransferLearning.Event) {
    switch event {
    case .features(let progress): show(progress)
    case .skipped(let file):
      close()
      messages.error("\(FilePath(file.path).printable): skipped, \(file.message)")
      add([
        "event": "skipped", "path": .string(file.path), "code": .string(file.code),
        "message": .string(file.message),
      ])
    case .note(let note):
      close()
      messages.note(note)
      add(["event": "note", "message": .string(note)])
    case .candidate(let candidate):
      close()
      let loss = candidate.loss.map { "loss \(Figures.rounded($0, 4))" } ?? "not validated"
      let top1 = candidate.top1.map { ", top-1 \(Figures.percent($0, of: heldBack))" } ?? ""
      messages.detail(
        "head: \(candidate.scaling.rawValue) scaling, penalty \(candidate.penalty): \(loss)\(top1)")
      add([
        "event": "candidate", "scaling": .string(candidate.scaling.rawValue),
        "penalty": .number(candidate.penalty),
        "loss": candidate.loss.map { .number($0) } ?? .null,
        "top1": candidate.top1.map { .number($0) } ?? .null,
        "seconds": .number(Figures.rounded(seconds, 3)),
      ])
    // Fine-tuning has its own messages and logs.
    case .fineTuning: break
    case .refitting(let images):
      messages.progress("head: trained once more, on all \(images) images")
      add([
        "event": "refitting", "images": .integer(images), "seconds": .number(Figures.rounded(seconds, 3)),
      ])
    }
  }

  private func show(_ progress: FeatureExtractor.Progress) {
    let isLast = progress.done == progress.total
    let now = seconds
    let line = state.withLock { state -> String? in
      let tenth = progress.done * 10 / max(progress.total, 1)
      let isDue = tenth > state.tenth
      if isDue {
        state.tenth = tenth
        add([
          "event": "features", "done": .integer(progress.done), "total": .integer(progress.total),
          "cached": .integer(progress.cached), "failed": .integer(progress.failed),
          "seconds": .number(Figures.rounded(now, 3)),
        ])
      }
      // Elsewhere than on a terminal: one line per tenth, but at most one per second.
      guard bar.isAnimated || isDue && now - state.shown > 1 || isLast else { return nil }
      state.shown = now
      return Self.text(progress, seconds: now)
    }
    guard let line else { return }
    if bar.isAnimated { bar.show(line, isLast: isLast) } else { messages.progress(line) }
    if isLast { close() }
  }

  private static func text(_ progress: FeatureExtractor.Progress, seconds: Double) -> String {
    var text = "features \(progress.done)/\(progress.total)"
    if progress.cached > 0 { text += ", \(progress.cached) from the cache" }
    let rate = Double(progress.done) / max(seconds, 1e-3)
    text += ", \(Int(saturating: rate.rounded())) images/s"
    // What a few images took says little about the others: threads have just begun, and files are not in memory yet.
    guard progress.done < progress.total, seconds >= 1, progress.done * 50 >= progress.total else {
      return text
    }
    return text + ", \(Figures.duration(Double(progress.total - progress.done) / max(rate, 1e-3))) left"
  }

  /// Ends the changing line.
  func close() { bar.close(keepsLine: true) }
}
