public import VisionLayers
public import VisionSystem
public import VisionTensor

extension Layer {
  /// Trains this network on tensors, on a thread of its own, and waits for it without blocking a thread that tasks run on.
  ///
  /// Cancelling the task ends it after the step that it is in; the result then says `interrupted` and has the weights so far.
  ///
  /// - Parameters:
  ///   - x: N×…, such as N×C×H×W for images and N×F for tables.
  ///   - y: integers N for classes, trained with cross-entropy; floats N×… for values, trained with the mean squared
  ///     error or `settings.loss`.
  ///   - epochs: at least 1.
  ///   - validation: samples to judge each epoch by; the best one is kept.
  ///   - report: told what happens, by one thread at a time.
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
