import VisionStore
import VisionNet
import VisionSystem

/// Shows the progress of a pull: one changing line on a terminal, otherwise one line per stage.
final class PullMeter {
  private let name: String
  private let messages: Messages
  private let bar: ProgressBar
  private var shown = ""

  init(_ name: String, messages: Messages) {
    self.name = name
    self.messages = messages
    bar = ProgressBar(messages)
  }

  func show(_ progress: PullProgress) {
    if messages.quiet { return }
    if bar.isAnimated {
      if progress.text == shown { return }
      shown = progress.text
      bar.show("\(name): \(shown)", isLast: true)
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
      messages.progress("\(name): \(stage)")
    }
  }

  /// Ends the changing line.
  func end() {
    bar.close(keepsLine: true)
    shown = ""
  }
}
