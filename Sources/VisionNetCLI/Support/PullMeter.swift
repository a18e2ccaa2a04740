import VisionStore
import VisionNet
import VisionSystem

/// Shows the progress of a pull: one changing line on a terminal, otherwise one line per stage.
final class PullMeter {
  private let name: String
  private let messages: Messages
  private let isAnimated = isatty(STDERR_FILENO) == 1
  private var shown = ""

  init(_ name: String, messages: Messages) {
    self.name = name
    self.messages = messages
  }

  func show(_ progress: PullProgress) {
    if messages.quiet { return }
    if isAnimated {
      let line = "visionnet: \(name): \(progress.text)"
      if line == shown { return }
      shown = line
      put("\r\u{1b}[K" + line)
    } else {
      let stage: String
      switch progress {
      case .downloading(_, let total): stage = "downloading about \(max(1, (total + 500_000) / 1_000_000)) MB"
      case .writing(_, let total): stage = "writing \(total) images"
      case .finished: return
      default: stage = progress.text
      }
      if stage == shown { return }
      shown = stage
      messages.note("\(name): \(stage)")
    }
  }

  /// Ends the changing line.
  func end() {
    if isAnimated && !shown.isEmpty { put("\n") }
    shown = ""
  }

  private func put(_ text: String) {
    var text = text
    _ = text.withUTF8 { POSIX.writeAll(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
  }
}
