public import VisionSystem
import VisionTensor

/// Why an image or a preprocessing could not be read, written or used.
public struct ImageError: VisionError, Hashable {
  /// The kinds of error. Their raw values are stable names for programs.
  public enum Kind: String, ErrorKind, CaseIterable {
    /// There is no file of that name.
    case missing
    /// The path names a directory.
    case isDirectory
    /// The system cannot read the file.
    case unreadable
    /// The system cannot write the file.
    case unwritable
    /// The file has no bytes.
    case empty
    /// The file ends before its image does.
    case truncated
    /// The bytes violate the format.
    case corrupt
    /// More pixels or bytes than the options allow, or than the format can hold.
    case tooLarge
    /// A format, or a variant of one, that cannot be read or written.
    case unsupported
    /// There is not enough memory for the image.
    case outOfMemory
    /// An argument outside its range, such as a width of zero.
    case invalidArgument
    /// A preprocessing whose JSON is malformed or whose values are invalid.
    case invalidPreprocessing

    public var blame: Blame {
      switch self {
      case .missing, .isDirectory, .unreadable: .missingInput
      case .unwritable: .storage
      case .outOfMemory: .machine
      case .invalidArgument: .usage
      case .empty, .truncated, .corrupt, .tooLarge, .unsupported, .invalidPreprocessing: .data
      }
    }
  }

  /// The kind of error.
  public let kind: Kind
  public let message: String
  /// The file, or the name given with the bytes; for a preprocessing, the key.
  public var place: String?
  public let remedy: String?

  public init(_ kind: Kind, _ message: String, place: String? = nil, remedy: String? = nil) {
    self.kind = kind
    self.message = message
    self.place = place
    self.remedy = remedy
  }

  /// The same error at `place`, unless it already has one.
  func at(_ place: String?) -> ImageError {
    var error = self
    error.place = self.place ?? place
    return error
  }
}
