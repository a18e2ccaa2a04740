/// Asks a caller whether to end, for work that runs on several threads.
///
/// The caller is asked on its own thread only: elsewhere `Task.isCancelled` knows no task and is always false. The other
/// threads learn what the answer was. Once the answer was yes, it stays so.
package struct CancellationCheck: Sendable {
  private let ask: @Sendable () -> Bool
  private let answer = StopFlag()
  private let caller = CurrentThread()

  /// To be made on the thread of the caller, which takes part in the work.
  package init(_ isCancelled: @escaping @Sendable () -> Bool) { ask = isCancelled }

  package var isCancelled: Bool {
    if answer.isSet { return true }
    guard caller.isCurrent, ask() else { return false }
    answer.set()
    return true
  }

  /// The thread that makes it.
  private struct CurrentThread: Sendable {
    private let number = POSIX.currentThread
    var isCurrent: Bool { number == POSIX.currentThread }
  }
}
