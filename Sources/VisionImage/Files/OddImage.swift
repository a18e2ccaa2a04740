/// An image whose file has a problem that does not affect the pixels, see `Image.warning`.
public struct OddImage: Sendable, Hashable {
  /// The path; bytes that are not UTF-8 are replaced.
  public let path: String
  /// The problem.
  public let message: String

  public init(path: String, message: String) {
    self.path = path
    self.message = message
  }

  /// One sentence about all images, for example `3 files are not quite as image files should be, but read;
  /// the first is a.jpg: …`; nil for no images.
  public static func summary(_ images: [OddImage]) -> String? {
    guard let first = images.min(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) else {
      return nil
    }
    let count = images.count == 1 ? "1 file is" : "\(images.count) files are"
    return
      "\(count) not quite as image files should be, but read; the first is \(first.path): \(first.message)"
  }
}
