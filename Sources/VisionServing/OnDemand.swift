import VisionSystem

/// A value that is made when it is first asked for.
final class OnDemand<Value: Sendable>: Sendable {
  private let value = Locked<Value?>(nil)

  /// The value, made by the first caller. Callers at the same time may each make one; all get the same.
  func callAsFunction(_ make: () throws -> Value) rethrows -> Value {
    if let known = value.withLock({ $0 }) { return known }
    let made = try make()
    return value.withLock { known in
      let kept = known ?? made
      known = kept
      return kept
    }
  }

  /// Forgets the value; it is made again when it is asked for again.
  func remove() { value.withLock { $0 = nil } }
}
