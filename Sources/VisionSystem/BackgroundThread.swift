/// A system thread that runs one closure.
// Checked by hand: the `pthread_t` is only passed to the system, which accepts it from any thread.
package final class BackgroundThread: @unchecked Sendable {
  private let thread: pthread_t

  /// Starts the thread, which blocks all signals; nil if the system cannot start it.
  package init?(_ run: @escaping @Sendable () -> Void) {
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    guard let started = POSIX.startThread(nil, run) else { return nil }
    thread = started
  }

  /// Waits until the closure has returned. Must be called at most once.
  package func join() { pthread_join(thread, nil) }
}
