import VisionCompute
import VisionSystem

/// The sessions that no call is using, with a limit on their total memory.
///
/// The session that was used last is kept whatever its size, so that successive calls need no new memory. Of
/// the others, the least recently used are freed until the rest takes no more than the limit. A limit of 0
/// keeps no session.
package final class IdleSessions: Sendable {
  /// A network and a batch size.
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
    /// In the order of use; the session that was used last is at the end.
    var idle: [Idle] = []
    var byteCount = 0
    /// Bytes freed since the C library last gave free memory to the system.
    var freedByteCount = 0
    var limit: Int
  }

  /// The default limit: the memory of a few sessions for one image.
  package static let standardLimit = 32 << 20

  private let state: Locked<State>

  package init(limit: Int = IdleSessions.standardLimit) { state = Locked(State(limit: limit)) }

  /// The most bytes that idle sessions may take besides the one that was used last; 0 keeps no session.
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

  /// Frees all idle sessions and returns their memory to the system.
  package func removeAll() {
    free { state in
      defer { (state.idle, state.byteCount) = ([], 0) }
      return state.idle
    }
    Executor.releaseFreeMemory()
  }

  /// Removes and returns the sessions that exceed the limit.
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

  /// Frees the sessions that `takeOut` removes from the pool. This happens outside the lock, because it takes
  /// a while.
  ///
  /// From time to time, free memory is returned to the system, so that blocks of other sizes that the C
  /// library keeps do not add up. This takes less time than allocating the memory again.
  private func free(_ takeOut: (inout State) -> [Idle]) {
    // The sessions are freed at the end of this function, before free memory is returned to the system.
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
