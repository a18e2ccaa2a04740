public import VisionSystem

/// Why boxes cannot be evaluated.
public struct DetectionEvaluationError: VisionError, Hashable {
  /// The kinds of error, with stable names for programs.
  public enum Kind: String, ErrorKind, CaseIterable {
    /// A number of a box, an area or a score is NaN or infinite.
    case notFinite
    /// A width, a height or an area below 0.
    case negative
    /// A number beyond the sides of any image.
    case tooLarge
    /// A class that there is not.
    case label
    /// A threshold or a count outside its range.
    case invalidArgument

    public var blame: Blame { self == .invalidArgument ? .usage : .data }
  }

  public let kind: Kind
  public let message: String
  /// The image and the box, counted from 0.
  public let place: String?
  public let remedy: String?

  public init(_ kind: Kind, _ message: String, place: String? = nil, remedy: String? = nil) {
    (self.kind, self.message, self.place, self.remedy) = (kind, message, place, remedy)
  }
}
