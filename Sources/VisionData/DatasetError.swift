public import VisionSystem

/// Why a folder or a table of images cannot be learned from.
public struct DatasetError: VisionError, Hashable {
  /// The kinds of error, named stably for machines.
  public enum Kind: String, ErrorKind, CaseIterable {
    /// There is no such folder or table.
    case missing
    /// The system refuses to read a folder or a table.
    case unreadable
    /// There are no images, or none of a class.
    case noImages
    /// There are images, but none of them, or none of a class, can be read.
    case noneReadable
    /// There is one class only, so there is nothing to tell apart.
    case oneClass
    /// Too few images to train on some and validate on others.
    case tooFew
    /// A name that is not UTF-8 where a label is needed.
    case name
    /// A table whose lines are not `path,label`.
    case table
    /// An image with more than one label.
    case severalLabels
    /// Classes that are missing or new where the same ones are needed.
    case classes
    /// An argument outside its range.
    case invalidArgument

    public var blame: Blame {
      switch self {
      case .missing, .unreadable, .noImages: .missingInput
      case .invalidArgument: .usage
      case .noneReadable, .oneClass, .tooFew, .name, .table, .severalLabels, .classes: .data
      }
    }
  }

  public let kind: Kind
  public let message: String
  /// The folder, file or line.
  public let place: String?
  public let remedy: String?

  /// The same error where there were images until those that cannot be read were left out of `data`.
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
