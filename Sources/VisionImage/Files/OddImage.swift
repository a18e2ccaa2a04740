/// An image whose file is not quite as it should be although every pixel is there, see `Image.warning`.
public struct OddImage: Sendable, Hashable {
  /// The path; bytes that are not UTF-8 are replaced.
  public let path: String
  /// What is odd.
  public let message: String

  public init(path: String, message: String) {
    self.path = path
    self.message = message
  }

  /// One sentence about several of them, for example `3 files are odd, though every pixel is there; the first is a.jpg:
  /// …`; nil for none.
  public static func summary(_ images: [OddImage]) -> String? {
    guard let first = images.min(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) else {
      return nil
    }
    let count = images.count == 1 ? "1 file is" : "\(images.count) files are"
    return
      "\(count) not quite as image files should be, but read; the first is \(first.path): \(first.message)"
  }
}
