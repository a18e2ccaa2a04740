import ArgumentParser
import VisionSystem

/// Whether text gets colors and emphasis by escape codes.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable, Sendable {
  /// On a terminal that is not dumb, unless `NO_COLOR` is set.
  case auto
  case always, never

  /// What the process was told. It is read before the arguments are parsed, because wrong ones become messages, too.
  static let ofProcess = of(CommandLine.arguments.dropFirst())

  /// The value of the last `--color` before `--`; `auto` where there is none, or one that parsing will refuse.
  static func of(_ arguments: some Sequence<String>) -> ColorChoice {
    var choice = ColorChoice.auto
    var isValue = false
    for argument in arguments {
      if argument == "--" { break }
      if isValue { choice = ColorChoice(rawValue: argument) ?? .auto }
      isValue = argument == "--color"
      if argument.hasPrefix("--color=") {
        choice = ColorChoice(rawValue: String(argument.dropFirst("--color=".count))) ?? .auto
      }
    }
    return choice
  }

  /// Whether escape codes are written to the file of that descriptor.
  func isOn(_ descriptor: Int32) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto: Terminal.isOne(descriptor) && !Terminal.isDumb && !Self.isSet("NO_COLOR")
    }
  }

  /// As no-color.org specifies: present and not empty.
  private static func isSet(_ name: String) -> Bool { getenv(name).map { $0.pointee != 0 } ?? false }
}
