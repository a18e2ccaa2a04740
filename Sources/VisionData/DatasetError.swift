public import VisionSystem

/// Why a folder or a table of images cannot be used for training.
public struct DatasetError: VisionError, Hashable {
  /// The kinds of error, with stable names for programs.
  public enum Kind: String, ErrorKind, CaseIterable {
    /// The folder or table does not exist.
    case missing
    /// The system does not allow reading a folder or table.
    case unreadable
    /// There are no images, or none of some class.
    case noImages
    /// There are images, but none of them, or none of some class, can be read.
    case noneReadable
    /// There is only one class, so there is nothing to distinguish.
    case oneClass
    /// There are too few images to train on some and validate on others.
    case tooFew
    /// A name that must become a label is not UTF-8.
    case name
    /// The lines of a table are not `path,label`.
    case table
    /// An image has more than one label.
    case severalLabels
    /// Classes are missing or added where the same ones are required.
    case classes
    /// A file of annotations is damaged, or contradicts itself.
    case annotations
    /// There are annotations of several kinds, and none is chosen.
    case ambiguous
    /// The folder to write is there already.
    case occupied
    /// The system does not allow writing a file.
    case notWritten
    /// An argument is outside its range.
    case invalidArgument

    public var blame: Blame {
      switch self {
      case .missing, .unreadable, .noImages: .missingInput
      case .invalidArgument, .ambiguous: .usage
      case .occupied, .notWritten: .storage
      case .noneReadable, .oneClass, .tooFew, .name, .table, .severalLabels, .classes, .annotations: .data
      }
    }
  }

  public let kind: Kind
  public let message: String
  /// The folder, file or line.
  public let place: String?
  public let remedy: String?

  /// The same error, or `noneReadable` if there were images in `data` before the unreadable ones were
  /// removed.
  package func afterReading(_ data: ImageFolder) -> DatasetError {
    guard kind == .noImages else { return self }
    return data.training.isEmpty
      ? DatasetError(.noneReadable, "none of the images to train on can be read", place: place)
      : DatasetError(.noneReadable, message, place: place, remedy: remedy)
  }

  public init(_ kind: Kind, _ message: String, place: String? = nil, remedy: String? = nil) {
    self.kind = kind
    self.message = message
    self.place = place
    self.remedy = remedy
  }
}
