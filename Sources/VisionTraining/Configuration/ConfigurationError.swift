public import VisionSystem

/// The error for settings of a training run that cannot be used.
public struct ConfigurationError: VisionError, Hashable {
  /// The kinds of error, named stably for machines.
  public enum Kind: String, ErrorKind, CaseIterable {
    /// There is no such file.
    case missing
    /// The file cannot be read.
    case unreadable
    /// The file is not YAML, or not a list of `key: value`.
    case syntax
    /// A setting that does not exist.
    case unknownSetting
    /// A setting that is given twice.
    case repeated
    /// A value of another type than the setting has, or outside its range.
    case invalidValue
    /// Settings that contradict each other, or that the chosen recipe does not use.
    case conflict

    public var blame: Blame {
      switch self {
      case .missing, .unreadable: .missingInput
      case .syntax, .unknownSetting, .repeated, .invalidValue, .conflict: .usage
      }
    }
  }

  public let kind: Kind
  public let message: String
  /// The file and the line, or the flag.
  public let place: String?
  public let remedy: String?

  public init(_ kind: Kind, _ message: String, place: String? = nil, remedy: String? = nil) {
    self.kind = kind
    self.message = message
    self.place = place
    self.remedy = remedy
  }
}
