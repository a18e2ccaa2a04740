public import VisionSystem

/// Why the settings of a training run cannot be used.
public struct ConfigurationError: VisionError, Hashable {
  /// The kinds of error, named stably for machines.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// There is no such file.
    case missing
    /// The system refuses to read the file.
    case unreadable
    /// The file is no YAML, or no list of `key: value`.
    case syntax
    /// A setting that does not exist.
    case unknownSetting
    /// A setting that stands there twice.
    case repeated
    /// A value of another type than the setting has, or outside its range.
    case invalidValue
    /// Settings that contradict each other, or that mean nothing together.
    case conflict
  }

  public let kind: Kind
  public let message: String
  /// The file and the line, or the flag.
  public let place: String?
  public let remedy: String?

  public var code: String { kind.rawValue }

  public init(_ kind: Kind, _ message: String, place: String? = nil, remedy: String? = nil) {
    self.kind = kind
    self.message = message
    self.place = place
    self.remedy = remedy
  }
}
