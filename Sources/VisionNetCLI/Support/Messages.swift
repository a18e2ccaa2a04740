import VisionSystem

/// Messages to people, on standard error.
struct Messages: Sendable {
  var quiet = false
  var verbose = false

  /// An error; printed even when quiet.
  func error(_ text: String) { say(text) }

  /// Something that is probably not as intended, though the command continues.
  func warning(_ text: String) { if !quiet { say("warning: \(text)") } }

  /// Useful information.
  func note(_ text: String) { if !quiet { say(text) } }

  /// A detail, printed only when verbose.
  func detail(_ text: String) { if verbose { say(text) } }

  private func say(_ text: String) {
    var line = "visionnet: \(text)\n"
    _ = line.withUTF8 { POSIX.writeAll(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
  }
}
