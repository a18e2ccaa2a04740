import VisionSystem

/// Messages to people, on standard error: `visionnet: `, then the severity, then the text.
struct Messages: Sendable {
  var quiet = false
  var verbose = false

  /// Whether severities stand out by color.
  private static let isColored = ColorChoice.ofProcess.isOn(STDERR_FILENO)

  /// An error; printed even when quiet.
  func error(_ text: String) { say("error", color: 31, text) }

  /// Something that is probably not as intended, though the command continues.
  func warning(_ text: String) { if !quiet { say("warning", color: 33, text) } }

  /// A warning of something lost, which is printed even when quiet.
  func loss(_ text: String) { say("warning", color: 33, text) }

  /// Useful information.
  func note(_ text: String) { if !quiet { say("note", color: 36, text) } }

  /// What the command has found and does, without a severity.
  func progress(_ text: String) { if !quiet { put(text) } }

  /// A detail, printed only when verbose.
  func detail(_ text: String) { if verbose { put(text) } }

  private func say(_ severity: String, color: Int, _ text: String) {
    put(Self.line(severity, color: Self.isColored ? color : nil, text))
  }

  /// - Parameter color: the number of the color by ECMA-48; nil for none.
  static func line(_ severity: String, color: Int?, _ text: String) -> String {
    guard let color else { return "\(severity): \(text)" }
    return "\u{1b}[1;\(color)m\(severity):\u{1b}[0m \(text)"
  }

  private func put(_ text: String) {
    var line = "visionnet: \(text)\n"
    _ = line.withUTF8 { POSIX.writeAll(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
  }
}
