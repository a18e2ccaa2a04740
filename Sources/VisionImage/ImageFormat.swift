import VisionTensor

/// The picture formats that are read and written.
public enum ImageFormat: String, Sendable, Hashable, CaseIterable {
  case png, jpeg

  /// The format that a file name asks for by its extension, or nil for others.
  public init?(path: String) {
    guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    switch path[path.index(after: dot)...].lowercased() {
    case "png": self = .png
    case "jpg", "jpeg", "jpe", "jfif": self = .jpeg
    default: return nil
    }
  }
}
