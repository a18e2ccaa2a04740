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
    let description = ModelLocator.naming(error.description)
    guard let flag = flags[error.code], !description.contains("--") else { return description }
    // One pair of parentheses holds the remedy and its flag.
    guard error.remedy != nil, description.hasSuffix(")") else { return "\(description) (\(flag))" }
    return "\(description.dropLast()); \(flag))"
  }
}
