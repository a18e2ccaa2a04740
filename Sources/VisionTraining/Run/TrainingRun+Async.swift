public import VisionSystem

extension TrainingRun {
  /// Trains on a separate thread, without blocking the threads that run Swift tasks.
  ///
  /// - Parameter report: called with each event, by one thread at a time.
  /// - Throws: `TrainingError` as the blocking form does; `interrupted` when the task is cancelled, which
  ///   ends the run after the current step or sample.
  public func run(report: @escaping @Sendable (Event) -> Void = { _ in }) async throws(TrainingError)
    -> TrainingOutcome<Task>
  {
    try await OwnThread.run { (flag) throws(TrainingError) in
      try self.run(isCancelled: { flag.isSet }, report: report)
    }
  }
}
