/// What every error of VisionNet tells: what went wrong, where, and what to do about it.
///
/// Each stage has one conforming struct, thrown by typed throws.
public protocol VisionError: Error, Sendable, CustomStringConvertible {
  /// A stable, machine-readable name of the kind of error, such as `truncated`.
  var code: String { get }
  /// What went wrong, as a sentence without a full stop.
  var message: String { get }
  /// Where: a file, a byte offset, a node or a layer path; nil when there is no better place than the call.
  var place: String? { get }
  /// What the user can do; nil when the message says it already.
  var remedy: String? { get }
}

extension VisionError {
  /// `place: message (remedy)`.
  public var description: String {
    var text = place.map { "\($0): \(message)" } ?? message
    if let remedy { text += " (\(remedy))" }
    return text
  }
}
