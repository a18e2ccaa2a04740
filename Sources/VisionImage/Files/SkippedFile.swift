import VisionSystem

/// A file that could not be used, and the reason. The file is unchanged.
public struct SkippedFile: Sendable, Hashable {
  /// The path; bytes that are not UTF-8 are replaced.
  public let path: String
  /// The code of the error, such as `truncated`.
  public let code: String
  public let message: String

  public init(path: String, code: String, message: String) {
    self.path = path
    self.code = code
    self.message = message
  }

  /// An image that could not be read.
  public init(path: String, _ error: ImageError) {
    let remedy = error.remedy.map { " (\($0))" } ?? ""
    self.init(path: path, code: error.code, message: error.message + remedy)
  }
}
