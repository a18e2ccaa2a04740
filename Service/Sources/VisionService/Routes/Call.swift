import Hummingbird
import NIOCore

/// A request at a route.
struct Call: Sendable {
  let request: Request
  /// The texts at the path's segments in braces.
  let segments: [String: String]
  let channel: any Channel
  /// What its body takes.
  let lease: BodyLease
}
