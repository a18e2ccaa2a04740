public import VisionData
public import VisionSystem
import VisionTensor

extension TransferLearning {
  /// Trains on a thread of its own, and waits for it without blocking a thread that tasks run on.
  ///
  /// - Parameter report: called with what is being done, by one thread at a time.
  /// - Throws: `TrainingError`: of the data when there is nothing to learn; `skipped` for a bad file when strict;
  ///   `interrupted` when the task is cancelled, which ends it after the image, or the step, that it is in.
  public func train(
    on folder: ImageFolder, report: @escaping @Sendable (Event) -> Void = { _ in }
  ) async throws(TrainingError) -> Result {
    try await OwnThread.run { (flag) throws(TrainingError) in
      try self.train(on: folder, isCancelled: { flag.isSet }, report: report)
    }
  }
}
