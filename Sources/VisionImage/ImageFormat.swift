import VisionSystem
import VisionTensor

/// The image formats that are read; PNG and JPEG are also written.
public enum ImageFormat: String, Sendable, Hashable, CaseIterable {
  case png, jpeg
  /// Read by the system's own libraries, see `Image`.
  case webp, heic, avif, tiff, gif
  case bmp

  /// The format that a file name asks for by its extension, or nil for others.
  public init?(path: String) {
    guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    self.init(ending: path[path.index(after: dot)...].lowercased())
  }

  /// The format of files whose names end so, in lower case and without the dot.
  package init?(ending: String) {
    switch ending {
    case "png": self = .png
    case "jpg", "jpeg", "jpe", "jfif": self = .jpeg
    case "webp": self = .webp
    case "heic", "heif", "hif": self = .heic
    case "avif": self = .avif
    case "tif", "tiff": self = .tiff
    case "gif": self = .gif
    case "bmp", "dib": self = .bmp
    default: return nil
    }
  }

  /// Whether `Image.write(to:)` writes it.
  public var isWritten: Bool { self == .png || self == .jpeg }

  /// The name for people.
  public var name: String {
    switch self {
    case .webp: "WebP"
    case .png, .jpeg, .heic, .avif, .tiff, .gif, .bmp: rawValue.uppercased()
    }
  }

  /// The usual end of a file's name, without the dot.
  package var ending: String {
    switch self {
    case .jpeg: "jpg"
    case .tiff: "tif"
    default: rawValue
    }
  }

  /// The bytes of a file that `init(beginning:)` looks at.
  public static let beginningBytes = 64

  /// The format told by the first `beginningBytes` of a file, or by fewer when it has no more; nil for what is none of
  /// these formats.
  public init?(beginning bytes: [UInt8]) {
    guard !bytes.isEmpty else { return nil }
    let signature = bytes.withUnsafeBytes { Signature($0) }
    guard case .format(let format) = signature else { return nil }
    // Two letters alone are not enough where nothing says that an image is meant.
    if format == .jpeg, bytes.count < 3 || bytes[2] != 0xff { return nil }
    self = format
  }
}
