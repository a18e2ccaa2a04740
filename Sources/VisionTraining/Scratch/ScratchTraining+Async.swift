public import VisionSystem
import VisionTensor

extension ScratchTraining {
  /// Trains on a separate thread, without blocking the threads that run Swift tasks, and fits temperature and
  /// threshold on the validation images.
  ///
  /// - Parameter report: called with each event, by one thread at a time.
  /// - Throws: `TrainingError` as a `Trainer` does; `interrupted` when the task is cancelled, which ends
  ///   training after the current step and a checkpoint.
  public func run(
    report: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws(TrainingError) -> Result {
    try await OwnThread.run { (flag) throws(TrainingError) in
      try self.run(isCancelled: { flag.isSet }, report: report)
    }
  }
}
