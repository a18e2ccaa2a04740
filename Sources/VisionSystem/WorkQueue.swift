/// Runs short work for tasks on a few threads of its own, in the order in which it came, so that no thread that tasks run on
/// is blocked.
///
/// Threads are started when there is work for them, and then wait for more.
// Checked by hand: what changes is read and written with the lock held only.
package final class WorkQueue: @unchecked Sendable {
  /// Work that waits, or that a thread has taken.
  private final class Job: Sendable {
    let flag = StopFlag()
    /// Called once: with true to do the work, with false to give it up.
    private let body: @Sendable (_ isWanted: Bool, StopFlag) -> Void

    init(_ body: @escaping @Sendable (Bool, StopFlag) -> Void) { self.body = body }
    func finish(isWanted: Bool) { body(isWanted, flag) }
  }

  /// Threads at most.
  package let limit: Int
  private let lock = ConditionLock()
  // Under the lock:
  private var waiting: [Job] = []
  private var threads = 0
  private var idleThreads = 0

  package init(limit: Int) { self.limit = max(1, limit) }

  /// Runs `body` and waits for it without blocking a thread.
  ///
  /// Cancelling the task takes work that has not begun out of the queue at once, and tells work that has by the flag.
  ///
  /// - Parameter cancellation: what is thrown for work that was not begun.
  package func run<Success: Sendable, Failure: Error>(
    cancellation: Failure, _ body: @escaping @Sendable (StopFlag) throws(Failure) -> Success
  ) async throws(Failure) -> Success {
    let begun = Locked<Job?>(nil)
    let wasCancelled = StopFlag()
    return try await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CheckedContinuation<Result<Success, Failure>, Never>) in
        let job = Job { isWanted, flag in
          continuation.resume(
            returning: isWanted ? Result { () throws(Failure) in try body(flag) } : .failure(cancellation))
        }
        begun.withLock { $0 = job }
        add(job)
        // Who cancelled before this has not found the job in the queue.
        if wasCancelled.isSet { giveUp(job) }
      }
    } onCancel: {
      wasCancelled.set()
      if let job = begun.withLock({ $0 }) { giveUp(job) }
    }.get()
  }

  private func add(_ job: Job) {
    let needsThread = lock.withLock {
      waiting.append(job)
      lock.wakeOne()
      guard idleThreads < waiting.count, threads < limit else { return false }
      threads += 1
      return true
    }
    guard needsThread, !OwnThread.start({ self.work() }) else { return }
    let isAlone = lock.withLock {
      threads -= 1
      return threads == 0
    }
    // Where the system has not one thread left, a task does what is waiting.
    if isAlone { Task.detached { while let job = self.take() { job.finish(isWanted: true) } } }
  }

  /// Ends a job: at once when no thread has begun it.
  private func giveUp(_ job: Job) {
    job.flag.set()
    let isWaiting = lock.withLock {
      guard let index = waiting.firstIndex(where: { $0 === job }) else { return false }
      waiting.remove(at: index)
      return true
    }
    if isWaiting { job.finish(isWanted: false) }
  }

  private func take() -> Job? { lock.withLock { waiting.isEmpty ? nil : waiting.removeFirst() } }

  /// What each thread does, for ever.
  private func work() {
    while true {
      let job = lock.withLock {
        while waiting.isEmpty {
          idleThreads += 1
          lock.wait()
          idleThreads -= 1
        }
        return waiting.removeFirst()
      }
      job.finish(isWanted: true)
    }
  }
}
