public import VisionLayers
public import VisionSystem
public import VisionTensor

extension Layer {
  /// Trains this network on tensors on a separate thread, without blocking the threads that run Swift tasks.
  ///
  /// Cancelling the task ends training after the current step; the result then says `interrupted` and has the
  /// weights so far.
  ///
  /// - Parameters:
  ///   - x: N×…, such as N×C×H×W for images and N×F for tables.
  ///   - y: integers N for classes, trained with cross-entropy; floats N×… for values, trained with the mean
  ///     squared error or `settings.loss`.
  ///   - epochs: at least 1.
  ///   - validation: samples that each epoch is evaluated on; the weights of the best epoch are kept.
  ///   - report: called with each event, by one thread at a time.
  /// - Throws: `TrainingError` when x, y and the network do not fit together, or training fails.
  public func fit(
    _ x: Tensor, _ y: Tensor, epochs: Int, batchSize: Int = 32, validation: (x: Tensor, y: Tensor)? = nil,
    settings: TrainerSettings = TrainerSettings(),
    report: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) async throws(TrainingError) -> FittedNetwork {
    try await OwnThread.run { (flag) throws(TrainingError) in
      try self.fit(
        x, y, epochs: epochs, batchSize: batchSize, validation: validation, settings: settings,
        isCancelled: { flag.isSet }, report: report)
    }
  }
}
