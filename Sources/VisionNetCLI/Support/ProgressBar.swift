import VisionNet
import VisionSystem
import VisionTensor

/// One changing line on standard error, on a terminal only.
final class ProgressBar: Sendable {
  private struct State {
    var shown = 0.0
    var isOpen = false
  }

  /// Whether standard error is a terminal whose lines can be changed, and shows notes.
  let isAnimated: Bool
  private let state = Locked(State())

  init(_ messages: Messages) {
    isAnimated = Terminal.isOne(STDERR_FILENO) && !Terminal.isDumb && !messages.quiet
  }

  /// Shows a text, at most ten times per second unless it is the last.
  func show(_ text: @autoclosure () -> String, isLast: Bool = false) {
    guard isAnimated else { return }
    let now = POSIX.seconds
    let isDue = state.withLock { state -> Bool in
      guard isLast || now - state.shown > 0.1 else { return false }
      (state.shown, state.isOpen) = (now, true)
      return true
    }
    guard isDue else { return }
    let line = "visionnet: \(text())"
    // A line that wraps could not be replaced by the next one. Some terminals wrap after the last column.
    put("\r\u{1b}[K" + (Terminal.width(of: STDERR_FILENO).map { ShortText.cut(line, to: $0 - 1) } ?? line))
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
