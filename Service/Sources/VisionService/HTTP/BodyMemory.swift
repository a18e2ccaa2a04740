import NIOConcurrencyHelpers

/// The memory that the bodies of all requests take together, which is limited: many large ones at a time could exhaust the machine
/// though each is within its own limit.
final class BodyMemory: Sendable {
  private let limit: Int
  private let used = NIOLockedValueBox(0)

  init(limit: Int) { self.limit = limit }

  /// - Throws: `queueFull`.
  func take(_ count: Int) throws(ServiceError) {
    let fits = used.withLockedValue { used in
      guard used + count <= limit else { return false }
      used += count
      return true
    }
    guard fits else {
      throw ServiceError(
        .queueFull, "the requests that are being answered take \(limit) bytes", remedy: "ask again later",
        retryAfter: 1)
    }
  }

  func give(_ count: Int) { used.withLockedValue { $0 -= count } }
}
