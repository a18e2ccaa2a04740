import VisionNet
import VisionSystem
import VisionTensor

/// Shows how many files have been read: one changing line on a terminal, nothing elsewhere.
final class DoctorMeter: Sendable {
  private struct State {
    var shown = 0.0
    var isOpen = false
  }

  private let isAnimated: Bool
  private let state = Locked(State())

  init(_ messages: Messages) { isAnimated = isatty(STDERR_FILENO) == 1 && !messages.quiet }

  func show(_ done: Int, of total: Int) {
    guard isAnimated else { return }
    let now = POSIX.seconds
    let isDue = state.withLock { state in
      guard now - state.shown > 0.1 || done == total else { return false }
      state = State(shown: now, isOpen: true)
      return true
    }
    if isDue { put("\r\u{1b}[Kvisionnet: \(done)/\(total) files read") }
  }

  /// Clears the line.
  func close() {
    let wasOpen = state.withLock { state in
      defer { state.isOpen = false }
      return state.isOpen
    }
    if wasOpen { put("\r\u{1b}[K") }
  }

  private func put(_ text: String) {
    var text = text
    _ = text.withUTF8 { POSIX.writeAll(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
  }
}
