import HTTPTypes
import Hummingbird
import VisionSystem

/// What the service does at a path.
struct Route: Sendable {
  let method: HTTPRequest.Method
  /// Such as `/v2/models/{name}/infer`: a segment in braces stands for any text.
  let path: String
  /// Whether it needs no token.
  var isOpen = false
  /// What OpenAPI says of it; nil for what is for people.
  var operation: JSON?
  let answer: @Sendable (Call) async throws -> Response

  /// The texts at the segments in braces; nil where the path is another one.
  func match(_ segments: [Substring]) -> [String: String]? {
    let pattern = path.split(separator: "/", omittingEmptySubsequences: false)
    guard pattern.count == segments.count else { return nil }
    var found: [String: String] = [:]
    for (expected, segment) in zip(pattern, segments) {
      if expected.hasPrefix("{") {
        guard let text = PercentDecoding.text(segment), !text.isEmpty else { return nil }
        found[String(expected.dropFirst().dropLast())] = text
      } else if expected != segment {
        return nil
      }
    }
    return found
  }
}
