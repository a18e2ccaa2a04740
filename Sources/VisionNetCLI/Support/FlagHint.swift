import VisionNet
import VisionSystem

/// The flags by which a command can be given what an error of the library asks for.
enum FlagHint {
  private static let flags = [
    "activation": "--activation softmax|sigmoid|none", "output": "--output-name NAME",
    "preprocessing": "--preprocessing NAME|FILE", "labels": "--labels FILE",
  ]

  /// The error, with the flag at its end where there is one for it.
  static func description(of error: any VisionError) -> String {
    guard let flag = flags[error.code], !error.description.contains("--") else { return error.description }
    return "\(error.description) (\(flag))"
  }
}
