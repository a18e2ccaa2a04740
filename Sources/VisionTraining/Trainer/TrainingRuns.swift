import VisionSystem
import VisionTensor

/// The runs of a trainer: one at a time, in a folder that no other trainer uses meanwhile.
// Checked by hand: mutable state is only read and written while the lock is held.
final class TrainingRuns: @unchecked Sendable {
  /// A task that waits for runs to end.
  private struct Waiter {
    var runs: Set<ObjectIdentifier>
    let continuation: CheckedContinuation<Void, Never>
  }

  /// The folder for checkpoint and logs, with symbolic links resolved.
  private let folder: String?
  private let lock = ConditionLock()
  // Guarded by the lock:
  private var current: StopFlag?
  /// Runs that have been announced but have not begun.
  private var announced: [StopFlag] = []
  private var waiters: [Waiter] = []

  /// The folders of all running trainers.
  private static let claimed = Locked<Set<String>>([])

  /// - Parameter folder: for checkpoint and logs.
  init(folder: String?) { self.folder = folder.map(Self.resolved) }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// Announces a run that `beginAfterStopped` will begin, so that `stop` ends it too.
  func announce(_ run: StopFlag) { lock.withLock { announced.append(run) } }

  /// Begins a run.
  ///
  /// - Throws: `TrainingError` with code `busy` when another run is in progress, or another trainer uses the
  ///   folder.
  func begin(_ run: StopFlag) throws(TrainingError) {
    try lock.withLock { () throws(TrainingError) in try enter(run) }
  }

  /// Begins an announced run, after waiting for a current run that was told to stop. Call it on the thread of
  /// the new run.
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

  /// Records that a run has ended.
  func end(_ run: StopFlag) {
    let finished = lock.withLock {
      current = nil
      if let folder { Self.claimed.withLock { _ = $0.remove(folder) } }
      lock.wakeAll()
      return forget(run)
    }
    for waiter in finished { waiter.continuation.resume() }
  }

  /// Tells all current and announced runs to end, and waits until they have.
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

  /// Makes `run` the current one and claims the folder. Call it with the lock held.
  private func enter(_ run: StopFlag) throws(TrainingError) {
    guard current == nil else {
      throw TrainingError(
        .busy, "this network is being trained already", remedy: "wait until that run has ended, or stop it")
    }
    if let folder, !Self.claimed.withLock({ $0.insert(folder).inserted }) {
      throw TrainingError(
        .busy, "another trainer is writing its checkpoint and logs there", place: folder,
        remedy: "give each trainer a folder of its own, or wait until the other has ended")
    }
    current = run
  }

  /// Removes an ended run from all waiters, and returns the waiters that have no runs left. Call it with the
  /// lock held.
  private func forget(_ run: StopFlag) -> [Waiter] {
    for index in waiters.indices { waiters[index].runs.remove(ObjectIdentifier(run)) }
    let finished = waiters.filter(\.runs.isEmpty)
    waiters.removeAll(where: \.runs.isEmpty)
    return finished
  }
}
