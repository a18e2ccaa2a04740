import VisionCompute
import VisionSystem

/// Sessions that no call is using, whose memory together is bounded.
///
/// The session that was used last is kept whatever its size, so that one call after the other needs no new memory. Of the others
/// those that have not been used for longest are freed until the rest takes no more than the limit.
package final class IdleSessions: Sendable {
  /// Which network, and for how many samples.
  struct Key: Hashable {
    let pool: ObjectIdentifier
    let batch: Int
  }

  private struct Idle {
    let key: Key
    let session: Session
    let byteCount: Int
  }

  private struct State {
    /// The one used last at the end.
    var idle: [Idle] = []
    var byteCount = 0
    /// Bytes freed since the C library last gave free memory to the system.
    var freedByteCount = 0
    var limit: Int
  }

  /// The limit unless another is set: the memory of some sessions of one image.
  package static let standardLimit = 32 << 20

  private let state: Locked<State>

  package init(limit: Int = IdleSessions.standardLimit) { state = Locked(State(limit: limit)) }

  /// Bytes that idle sessions may take beside the one that was used last; 0 keeps none at all.
  package var limit: Int {
    get { state.withLock { $0.limit } }
    set {
      free { state in
        state.limit = max(newValue, 0)
        return Self.surplus(&state)
      }
    }
  }

  /// Bytes that idle sessions take.
  package var byteCount: Int { state.withLock { $0.byteCount } }

  func take(_ key: Key) -> Session? {
    state.withLock { state in
      guard let index = state.idle.lastIndex(where: { $0.key == key }) else { return nil }
      let found = state.idle.remove(at: index)
      state.byteCount -= found.byteCount
      return found.session
    }
  }

  func put(_ session: Session, _ key: Key) {
    let byteCount = session.byteCount
    free { state in
      state.idle.append(Idle(key: key, session: session, byteCount: byteCount))
      state.byteCount += byteCount
      return Self.surplus(&state)
    }
  }

  /// Frees all, and gives it to the system.
  package func removeAll() {
    free { state in
      defer { (state.idle, state.byteCount) = ([], 0) }
      return state.idle
    }
    Executor.releaseFreeMemory()
  }

  /// Takes out what is too much.
  private static func surplus(_ state: inout State) -> [Idle] {
    var surplus: [Idle] = []
    let kept = state.limit > 0 ? 1 : 0
    while state.idle.count > kept {
      let last = kept == 0 ? 0 : state.idle.last?.byteCount ?? 0
      guard state.limit == 0 || state.byteCount - last > state.limit else { break }
      let oldest = state.idle.removeFirst()
      state.byteCount -= oldest.byteCount
      surplus.append(oldest)
    }
    return surplus
  }

  /// Frees what `takeOut` has taken out of the pool, outside the lock, since that takes a while.
  ///
  /// From time to time what is free goes to the system, so that memory of other sizes that the C library keeps does not add up;
  /// making it anew takes longer than this.
  private func free(_ takeOut: (inout State) -> [Idle]) {
    // Freed at the end of this call, before the C library is asked.
    func bytes() -> Int { state.withLock { takeOut(&$0) }.reduce(0) { $0 + $1.byteCount } }
    let freed = bytes()
    let isMuch = state.withLock { state in
      state.freedByteCount += freed
      guard state.freedByteCount >= Self.standardLimit else { return false }
      state.freedByteCount = 0
      return true
    }
    if isMuch { Executor.releaseFreeMemory() }
  }
}
