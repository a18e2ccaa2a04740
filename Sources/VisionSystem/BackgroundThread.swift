/// A thread of the system that runs one closure.
// Checked by hand: the system's name of the thread is only given to the system, which takes it from any thread.
package final class BackgroundThread: @unchecked Sendable {
  private let thread: pthread_t

  /// Starts the thread; nil where the system refuses. Signals are left to the other threads.
  package init?(_ run: @escaping @Sendable () -> Void) {
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    guard let started = POSIX.startThread(nil, run) else { return nil }
    thread = started
  }

  /// Waits for its end; to be called once.
  package func join() { pthread_join(thread, nil) }
}
