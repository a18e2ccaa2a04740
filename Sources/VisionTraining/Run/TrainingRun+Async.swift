public import VisionSystem

extension TrainingRun {
  /// Trains on a thread of its own, and waits for it without blocking a thread that tasks run on.
  ///
  /// - Parameter report: called with what happens, by one thread at a time.
  /// - Throws: `TrainingError` as the form that blocks; `interrupted` when the task is cancelled, which ends it after the step, or
  ///   the sample, that it is in.
  public func run(report: @escaping @Sendable (Event) -> Void = { _ in }) async throws(TrainingError)
    -> TrainingOutcome<Task>
  {
    try await OwnThread.run { (flag) throws(TrainingError) in
      try self.run(isCancelled: { flag.isSet }, report: report)
    }
  }
}
