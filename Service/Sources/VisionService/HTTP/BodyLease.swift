import NIOConcurrencyHelpers

/// What one request has taken of the memory for bodies; it is given back when the request is over.
final class BodyLease: Sendable {
  private let memory: BodyMemory
  private let count = NIOLockedValueBox(0)

  init(_ memory: BodyMemory) { self.memory = memory }

  deinit { memory.give(count.withLockedValue { $0 }) }

  /// - Throws: `queueFull`.
  func take(_ more: Int) throws(ServiceError) {
    try memory.take(more)
    count.withLockedValue { $0 += more }
  }
}
