#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// What every error of VisionNet tells: what went wrong, where, and what to do about it.
///
/// Each stage has one conforming struct, thrown by typed throws.
public protocol VisionError: LocalizedError, Sendable, CustomStringConvertible {
  associatedtype Kind: ErrorKind
  /// The kind of error within its stage.
  var kind: Kind { get }
  /// What went wrong, as a sentence without a full stop.
  var message: String { get }
  /// Where: a file, a byte offset, a node or a layer path; nil when there is no better place than the call.
  var place: String? { get }
  /// What the user can do; nil when the message already says it.
  var remedy: String? { get }
  /// The error of a lower stage that this error passes on; nil for an error of this stage.
  var cause: (any VisionError)? { get }
}

extension VisionError {
  public var cause: (any VisionError)? { nil }

  /// A stable, machine-readable name of the kind of error, such as `truncated`; that of the innermost cause.
  public var code: String { cause?.code ?? kind.rawValue }

  /// Who can correct the error, according to the innermost cause.
  public var blame: Blame { cause?.blame ?? kind.blame }

  /// `place: message (remedy)`.
  public var description: String {
    var text = place.map { "\($0): \(message)" } ?? message
    if let remedy { text += " (\(remedy))" }
    return text
  }

  /// What `localizedDescription` gives: `description`.
  public var errorDescription: String? { description }
  public var failureReason: String? { message }
  public var recoverySuggestion: String? { remedy }
  public var helpAnchor: String? { nil }
}
