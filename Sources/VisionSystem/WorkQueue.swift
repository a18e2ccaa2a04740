/// Runs short work for tasks on its own threads, in order of arrival, so that no thread of Swift's task pool
/// is blocked.
///
/// Threads are started when there is work for them, and then wait for more.
// Checked by hand: variables are read and written only with the lock held.
package final class WorkQueue: @unchecked Sendable {
  /// Work that is waiting, or that a thread has taken.
  private final class Job: Sendable {
    let flag = StopFlag()
    /// Called once: with true to do the work, with false to cancel it.
    private let body: @Sendable (_ isWanted: Bool, StopFlag) -> Void

    init(_ body: @escaping @Sendable (Bool, StopFlag) -> Void) { self.body = body }
    func finish(isWanted: Bool) { body(isWanted, flag) }
  }

  /// The maximum number of threads.
  package let limit: Int
  private let lock = ConditionLock()
  // Under the lock:
  private var waiting: [Job] = []
  private var threads = 0
  private var idleThreads = 0

  package init(limit: Int) { self.limit = max(1, limit) }

  /// Runs `body` and waits for it without blocking a thread.
  ///
  /// Cancelling the task removes work that has not begun from the queue at once; for work that has begun, it
  /// sets the flag that is passed to `body`.
  ///
  /// - Parameter cancellation: the error to throw for work that has not begun.
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
        // A thread may begin and end the job before it is given up below.
        if wasCancelled.isSet { job.flag.set() }
        add(job)
        // A cancellation before this point has not found the job in the queue.
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
    // If the system cannot start a single thread, a task does the waiting work.
    if isAlone { Task.detached { while let job = self.take() { job.finish(isWanted: true) } } }
  }

  /// Cancels a job; ends it at once if no thread has begun it.
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

  /// The loop of each thread, which never ends.
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
