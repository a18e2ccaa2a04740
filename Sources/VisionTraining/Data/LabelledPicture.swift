/// A file and the class that it shows.
public struct LabelledPicture: Sendable, Hashable {
  /// Where the file is.
  public let path: String
  /// The path below the data's folder: what decides on which side of a split the picture falls.
  public let relativePath: String
  /// The position of the class in the list of labels.
  public let label: Int

  public init(path: String, relativePath: String, label: Int) {
    self.path = path
    self.relativePath = relativePath
    self.label = label
  }
}

/// A file that could not be used, and why; the file is as it was.
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
}
