public import VisionSystem

/// The record of an image as the command line writes it, with the model's name and version behind its other members.
public struct ServedAnswer: Sendable {
  /// The record, or the error's.
  public let json: JSON
  /// The kind of error, such as `truncated`; nil for an answer.
  public let errorCode: String?
  /// Who can correct the error; nil for an answer.
  public let blame: Blame?
  /// A PNG, where a picture was asked for and there is no error.
  public let picture: [UInt8]?

  public init(json: JSON, errorCode: String?, blame: Blame?, picture: [UInt8]? = nil) {
    (self.json, self.errorCode, self.blame) = (json, errorCode, blame)
    self.picture = picture
  }
}
