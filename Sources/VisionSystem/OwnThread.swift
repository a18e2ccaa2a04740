/// VisionNet's own threads, for work that must not occupy a thread of Swift's task pool: these are few, and
/// while one computes, other tasks wait.
package enum OwnThread {
  /// Runs `body` on a new thread.
  package static func detach(_ body: @escaping @Sendable () -> Void) {
    if !start(body) {
      // If the system cannot start a thread, a task does the work.
      Task.detached { body() }
    }
  }

  /// Runs long work on a new thread and waits for it without blocking a thread.
  ///
  /// Cancelling the task sets the flag that is passed to `body`; the result is still what `body` then returns
  /// or throws.
  package static func run<Result: Sendable, Failure: Error>(
    _ body: @escaping @Sendable (StopFlag) throws(Failure) -> Result
  ) async throws(Failure) -> Result {
    let flag = StopFlag()
    return try await withTaskCancellationHandler {
      await withCheckedContinuation {
        (continuation: CheckedContinuation<Swift.Result<Result, Failure>, Never>) in
        detach {
          continuation.resume(returning: Swift.Result { () throws(Failure) in try body(flag) })
        }
      }
    } onCancel: {
      flag.set()
    }.get()
  }

  /// Runs `body` on a new, detached thread; false if the system cannot start one.
  package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 8 << 20)
    defer { pthread_attr_destroy(&attributes) }
    return POSIX.startThread(&attributes, body) != nil
  }
}
