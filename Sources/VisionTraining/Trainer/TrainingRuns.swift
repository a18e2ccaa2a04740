import VisionSystem
import VisionTensor

/// The runs of a trainer: one at a time, in a folder that no other trainer is using meanwhile.
// Checked by hand: what changes is read and written with the lock held only.
final class TrainingRuns: @unchecked Sendable {
  /// Who waits for runs to end.
  private struct Waiter {
    var runs: Set<ObjectIdentifier>
    let continuation: CheckedContinuation<Void, Never>
  }

  /// The folder for checkpoint and logs, without links in its path.
  private let folder: String?
  private let lock = ConditionLock()
  // Under the lock:
  private var current: StopFlag?
  /// Runs whose thread has yet to begin them.
  private var announced: [StopFlag] = []
  private var waiters: [Waiter] = []

  /// The folders of the trainers that run.
  private static let claimed = Locked<Set<String>>([])

  /// - Parameter folder: for checkpoint and logs.
  init(folder: String?) { self.folder = folder.map(Self.resolved) }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// Makes a run known that `beginAfterStopped` is going to begin, so that `stop` ends it too.
  func announce(_ run: StopFlag) { lock.withLock { announced.append(run) } }

  /// Lets a run begin.
  ///
  /// - Throws: `TrainingError` with code `busy` when there is one, or another trainer uses the folder.
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
      if let folder { Self.claimed.withLock { _ = $0.remove(folder) } }
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

  /// Makes a run the one that there is and takes the folder, under the lock.
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

  /// Strikes a run that is over off, under the lock; returns those who have waited for it as the last one.
  private func forget(_ run: StopFlag) -> [Waiter] {
    for index in waiters.indices { waiters[index].runs.remove(ObjectIdentifier(run)) }
    let finished = waiters.filter(\.runs.isEmpty)
    waiters.removeAll(where: \.runs.isEmpty)
    return finished
  }
}
