public import VisionData
public import VisionSystem
import VisionTensor

extension TransferLearning {
  /// Trains on a separate thread, without blocking the threads that run Swift tasks.
  ///
  /// - Parameter report: called with each event, by one thread at a time.
  /// - Throws: `TrainingError`: errors of the data when there is nothing to learn; `skipped` for an
  ///   unreadable file when strict; `interrupted` when the task is cancelled, which ends training after the
  ///   current image or step.
  public func train(
    on folder: ImageFolder, report: @escaping @Sendable (Event) -> Void = { _ in }
  ) async throws(TrainingError) -> Result {
    try await OwnThread.run { (flag) throws(TrainingError) in
      try self.train(on: folder, isCancelled: { flag.isSet }, report: report)
    }
  }
}
