import VisionInference
import VisionSystem

/// Emphasis by escape codes, where `--color` and the terminal allow it.
struct TextStyle: Sendable {
  let isOn: Bool

  init(isOn: Bool) { self.isOn = isOn }

  init(for output: Output) { isOn = output.isColored }

  func bold(_ text: String) -> String { code("1", text) }

  func dim(_ text: String) -> String { code("2", text) }

  /// A heading in the color of a severity: error, warning or note.
  func severity(_ text: String, _ name: String) -> String {
    switch name {
    case "error": code("1;31", text)
    case "warning": code("1;33", text)
    default: code("1;36", text)
    }
  }

  /// A word of a record.
  func text(_ text: String, _ emphasis: Record.Word.Emphasis) -> String {
    switch emphasis {
    case .plain: text
    case .strong: bold(text)
    case .faint: dim(text)
    }
  }

  private func code(_ code: String, _ text: String) -> String {
    isOn ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}
