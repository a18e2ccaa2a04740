import VisionSystem

/// What is said to people, on standard error.
struct Messages: Sendable {
  var quiet = false
  var verbose = false

  /// What went wrong; said even when quiet.
  func error(_ text: String) { say(text) }

  /// What is probably not as it was meant, though the command goes on.
  func warning(_ text: String) { if !quiet { say("warning: \(text)") } }

  /// What is good to know.
  func note(_ text: String) { if !quiet { say(text) } }

  /// What only the curious want to know.
  func detail(_ text: String) { if verbose { say(text) } }

  private func say(_ text: String) {
    var line = "visionnet: \(text)\n"
    _ = line.withUTF8 { POSIX.writeAll(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
  }
}
