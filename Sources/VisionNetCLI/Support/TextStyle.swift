import VisionInference
import VisionSystem

/// Emphasis by escape codes: only on a terminal, and not if `NO_COLOR` is set or the terminal is dumb.
struct TextStyle: Sendable {
  let isOn: Bool

  init(for output: Output) {
    isOn = output.isTerminal && !Self.isSet("NO_COLOR") && Self.value("TERM") != "dumb"
  }

  func bold(_ text: String) -> String { isOn ? "\u{1b}[1m\(text)\u{1b}[0m" : text }
  /// A word of a record.
  func text(_ text: String, _ emphasis: Record.Word.Emphasis) -> String {
    switch emphasis {
    case .plain: text
    case .strong: bold(text)
    case .faint: dim(text)
    }
  }

  func dim(_ text: String) -> String { isOn ? "\u{1b}[2m\(text)\u{1b}[0m" : text }

  private static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// As no-color.org specifies: present and not empty.
  private static func isSet(_ name: String) -> Bool { value(name)?.isEmpty == false }
}
