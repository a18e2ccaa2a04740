import VisionCompute
import VisionInference
import VisionSystem

/// Runs awaited calls of classifiers and detectors on VisionNet's own threads. The threads that Swift runs tasks on are few, and
/// long computations on them would delay other tasks.
enum AwaitedCalls {
  /// As many calls at a time as there are cores, the others in the order of arrival.
  private static let queue = WorkQueue(limit: Executor.availableThreads)

  /// Runs a call on the queue. When the task is cancelled, a waiting call ends at once, and a running one after its current step.
  static func run<Success: Sendable>(
    _ body: @escaping @Sendable (StopFlag) throws(ClassifierError) -> Success
  ) async throws(ClassifierError) -> Success {
    try await queue.run(cancellation: .interrupted) { (flag) throws(ClassifierError) in
      guard !flag.isSet else { throw .interrupted }
      return try body(flag)
    }
  }
}
