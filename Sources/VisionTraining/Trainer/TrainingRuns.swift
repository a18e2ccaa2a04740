import VisionSystem
import VisionTensor

/// The runs of a trainer: one at a time, on batches and in a folder that no other trainer is using meanwhile.
// Checked by hand: what changes is read and written with the lock held only.
final class TrainingRuns: @unchecked Sendable {
  /// Who waits for runs to end.
  private struct Waiter {
    var runs: Set<ObjectIdentifier>
    let continuation: CheckedContinuation<Void, Never>
  }

  /// What one trainer at a time may use.
  private enum Claim: Hashable {
    /// An object that batches come from.
    case batches(ObjectIdentifier)
    /// A folder for checkpoint and logs, without links in its path.
    case folder(String)
  }

  private let claims: Set<Claim>
  private let lock = ConditionLock()
  // Under the lock:
  private var current: StopFlag?
  /// Runs whose thread has yet to begin them.
  private var announced: [StopFlag] = []
  private var waiters: [Waiter] = []

  /// What the trainers that run are using.
  private static let claimed = Locked<Set<Claim>>([])

  /// - Parameters:
  ///   - batches: the objects that batches come from; they live as long as the trainer.
  ///   - folder: for checkpoint and logs.
  init(_ batches: [ObjectIdentifier], folder: String?) {
    var claims = Set(batches.map(Claim.batches))
    if let folder { claims.insert(.folder(Self.resolved(folder))) }
    self.claims = claims
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// Makes a run known that `beginAfterStopped` is going to begin, so that `stop` ends it too.
  func announce(_ run: StopFlag) { lock.withLock { announced.append(run) } }

  /// Lets a run begin.
  ///
  /// - Throws: `TrainingError` with code `busy` when there is one, or another trainer uses the batches or the folder.
  func begin(_ run: StopFlag) throws(TrainingError) {
    try lock.withLock { () throws(TrainingError) in try enter(run) }
  }

  /// Lets an announced run begin; one that was told to stop is waited for. To be called on the thread of the new run.
  func beginAfterStopped(_ run: StopFlag) throws(TrainingError) {
    let (finished, failure) = lock.withLock { () -> ([Waiter], TrainingError?) in
      while let current, current.isSet { lock.wait() }
      announced.removeAll { $0 === run }
      do throws(TrainingError) {
        try enter(run)
        return ([], nil)
      } catch { return (forget(run), error) }
    }
    for waiter in finished { waiter.continuation.resume() }
    if let failure { throw failure }
  }

  /// Tells that a run has ended.
  func end(_ run: StopFlag) {
    let finished = lock.withLock {
      current = nil
      Self.claimed.withLock { $0.subtract(claims) }
      lock.wakeAll()
      return forget(run)
    }
    for waiter in finished { waiter.continuation.resume() }
  }

  /// Tells the runs that there are to end, and waits until they have.
  func stop() async {
    await withCheckedContinuation { continuation in
      let isIdle = lock.withLock {
        let runs = announced + (current.map { [$0] } ?? [])
        for run in runs { run.set() }
        guard !runs.isEmpty else { return true }
        waiters.append(Waiter(runs: Set(runs.map(ObjectIdentifier.init)), continuation: continuation))
        return false
      }
      if isIdle { continuation.resume() }
    }
  }

  /// Makes a run the one that there is and takes batches and folder, under the lock.
  private func enter(_ run: StopFlag) throws(TrainingError) {
    guard current == nil else {
      throw TrainingError(
        "busy", "this network is being trained already", remedy: "wait until that run has ended, or stop it")
    }
    let taken = Self.claimed.withLock { claimed in
      let taken = claims.first(where: claimed.contains)
      if taken == nil { claimed.formUnion(claims) }
      return taken
    }
    switch taken {
    case .batches:
      throw TrainingError(
        "busy", "the batches are being used by another trainer",
        remedy: "give each trainer batches of its own, or wait until the other has ended")
    case .folder(let path):
      throw TrainingError(
        "busy", "another trainer is writing its checkpoint and logs there", place: path,
        remedy: "give each trainer a folder of its own, or wait until the other has ended")
    case nil: break
    }
    current = run
  }

  /// Strikes a run that is over off, under the lock; returns those who have waited for it as the last one.
  private func forget(_ run: StopFlag) -> [Waiter] {
    for index in waiters.indices { waiters[index].runs.remove(ObjectIdentifier(run)) }
    let finished = waiters.filter(\.runs.isEmpty)
    waiters.removeAll(where: \.runs.isEmpty)
    return finished
  }
}
