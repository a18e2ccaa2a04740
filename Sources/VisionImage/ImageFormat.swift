import VisionSystem
import VisionTensor

/// The image formats that are read; PNG and JPEG are also written.
public enum ImageFormat: String, Sendable, Hashable, CaseIterable {
  case png, jpeg
  /// Read by system libraries, see `Image`.
  case webp, heic, avif, tiff, gif
  case bmp

  /// The format for a file name's extension; nil for other extensions.
  public init?(path: String) {
    guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    self.init(ending: path[path.index(after: dot)...].lowercased())
  }

  /// The format for an extension, in lowercase and without the dot; nil for other extensions.
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

  /// Whether `Image.write(to:)` can write the format.
  public var isWritten: Bool { self == .png || self == .jpeg }

  /// The name for human readers.
  public var name: String {
    switch self {
    case .webp: "WebP"
    case .png, .jpeg, .heic, .avif, .tiff, .gif, .bmp: rawValue.uppercased()
    }
  }

  /// The usual file extension, without the dot.
  package var ending: String {
    switch self {
    case .jpeg: "jpg"
    case .tiff: "tif"
    default: rawValue
    }
  }

  /// The number of bytes at the beginning of a file that `init(beginning:)` needs.
  public static let beginningBytes = 64

  /// The format recognized from the first `beginningBytes` of a file, or from all bytes of a shorter file;
  /// nil for other formats.
  public init?(beginning bytes: [UInt8]) {
    guard !bytes.isEmpty else { return nil }
    let signature = bytes.withUnsafeBytes { Signature($0) }
    guard case .format(let format) = signature else { return nil }
    // Two bytes are not enough to recognize a JPEG, since here the file may be anything.
    if format == .jpeg, bytes.count < 3 || bytes[2] != 0xff { return nil }
    self = format
  }
}
