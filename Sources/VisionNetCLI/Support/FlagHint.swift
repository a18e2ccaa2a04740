import VisionNet
import VisionSystem

/// The flags that supply what an error of the library asks for.
enum FlagHint {
  private static let flags = [
    "activation": "--activation softmax|sigmoid|none", "output": "--output-name NAME",
    "preprocessing": "--preprocessing NAME|FILE", "labels": "--labels FILE",
  ]

  /// The description of the error, followed by the flag if there is one for it.
  static func description(of error: any VisionError) -> String {
    guard let flag = flags[error.code], !error.description.contains("--") else { return error.description }
    return "\(error.description) (\(flag))"
  }
}
