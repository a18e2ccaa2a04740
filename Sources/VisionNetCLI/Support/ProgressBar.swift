import VisionNet
import VisionSystem
import VisionTensor

/// One changing line on standard error, on a terminal only.
final class ProgressBar: Sendable {
  private struct State {
    var shown = 0.0
    var isOpen = false
  }

  /// Whether standard error is a terminal, and shows notes.
  let isAnimated: Bool
  private let state = Locked(State())

  init(_ messages: Messages) { isAnimated = isatty(STDERR_FILENO) == 1 && !messages.quiet }

  /// Shows a text, at most ten times per second unless it is the last.
  func show(_ text: @autoclosure () -> String, isLast: Bool = false) {
    guard isAnimated else { return }
    let now = POSIX.seconds
    let isDue = state.withLock { state -> Bool in
      guard isLast || now - state.shown > 0.1 else { return false }
      (state.shown, state.isOpen) = (now, true)
      return true
    }
    if isDue { put("\r\u{1b}[Kvisionnet: \(text())") }
  }

  /// Clears the line, so that another can be written in its place, or ends it.
  func close(keepsLine: Bool = false) {
    let wasOpen = state.withLock { state in
      defer { state.isOpen = false }
      return state.isOpen
    }
    if wasOpen { put(keepsLine ? "\n" : "\r\u{1b}[K") }
  }

  /// `done` of `total` as a bar of 20 characters.
  static func bar(_ done: Int, _ total: Int) -> String {
    let full = total > 0 ? done * 20 / total : 0
    return String(repeating: "█", count: full) + String(repeating: "░", count: 20 - full)
  }

  private func put(_ text: String) {
    var text = text
    _ = text.withUTF8 { POSIX.writeAll(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
  }
}
