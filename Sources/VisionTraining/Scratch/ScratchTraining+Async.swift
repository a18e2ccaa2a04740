public import VisionSystem
import VisionTensor

extension ScratchTraining {
  /// Trains on a thread of its own, waits for it without blocking a thread that tasks run on, and fits temperature and threshold
  /// on the validation images.
  ///
  /// - Parameter report: told what happens, by one thread at a time.
  /// - Throws: `TrainingError` as a `Trainer` does; `interrupted` when the task is cancelled, which ends it after the step that it
  ///   is in and a checkpoint.
  public func run(
    report: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws(TrainingError) -> Result {
    try await OwnThread.run { (flag) throws(TrainingError) in
      try self.run(isCancelled: { flag.isSet }, report: report)
    }
  }
}
