/// Threads of VisionNet's own, for work that must not take one from those that tasks run on: these are few, and each that
/// computes keeps other tasks waiting.
package enum OwnThread {
  /// Runs `body` on a new thread.
  package static func detach(_ body: @escaping @Sendable () -> Void) {
    if !start(body) {
      // A system that has no thread left still does the work.
      Task.detached { body() }
    }
  }

  /// Runs long work on a new thread and waits for it without blocking a thread. Cancelling the task sets the flag that `body`
  /// looks at; what `body` then throws or returns is what comes of it.
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

  /// Whether the system has started a thread for it.
  package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 8 << 20)
    defer { pthread_attr_destroy(&attributes) }
    return POSIX.startThread(&attributes, body) != nil
  }
}
