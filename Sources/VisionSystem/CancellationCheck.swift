/// Asks the caller whether it has cancelled work that runs on several threads.
///
/// The caller is asked only on its own thread, since on others `Task.isCancelled` has no task and is always
/// false. The other threads see the last answer. Once the answer is true, it remains true.
package struct CancellationCheck: Sendable {
  private let ask: @Sendable () -> Bool
  private let answer = StopFlag()
  private let caller = CurrentThread()

  /// Must be called on the caller's thread, which must take part in the work.
  package init(_ isCancelled: @escaping @Sendable () -> Bool) { ask = isCancelled }

  package var isCancelled: Bool {
    if answer.isSet { return true }
    guard caller.isCurrent, ask() else { return false }
    answer.set()
    return true
  }

  /// The thread on which the value is created.
  private struct CurrentThread: Sendable {
    private let number = POSIX.currentThread
    var isCurrent: Bool { number == POSIX.currentThread }
  }
}
