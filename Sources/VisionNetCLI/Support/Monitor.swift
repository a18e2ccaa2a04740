import VisionSystem

/// A value behind a lock; threads can wait until it has changed.
// Safe to share: the state is only accessed with the lock held.
final class Monitor<State>: @unchecked Sendable {
  private let lock = ConditionLock()
  private var state: State

  init(_ state: State) { self.state = state }

  /// Changes the value and wakes all waiting threads.
  func withLock<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
    try lock.withLock {
      defer { lock.wakeAll() }
      return try body(&state)
    }
  }

  /// Waits until `isReady` returns true, then reads the value.
  func wait<Result>(until isReady: (State) -> Bool, then body: (State) -> Result) -> Result {
    lock.withLock {
      while !isReady(state) { lock.wait() }
      return body(state)
    }
  }
}
