import VisionData
import VisionGraph

/// What suits the targets where settings are left open.
extension TrainerSettings {
  /// Cross-entropy for classes, the mean squared error for values.
  func loss(for target: BatchTarget) -> any LossOperator {
    loss ?? (target == .values ? MeanSquaredError() : SoftmaxCrossEntropy())
  }

  /// The accuracy for classes, by its loss what suits labels or values.
  ///
  /// - Parameter columns: numbers that the network gives for a sample.
  func metrics(for target: BatchTarget, columns: Int) -> [any Metric] {
    if let metrics { return metrics }
    if target != .values { return columns > 5 ? [TopAccuracy(1), TopAccuracy(5)] : [TopAccuracy(1)] }
    if loss is BinaryCrossEntropy || loss is BinaryFocalLoss {
      return [MeanAveragePrecision(), LabelAccuracy()]
    }
    return [ErrorMetric(.rootMeanSquare), ErrorMetric(.meanAbsolute)]
  }

  /// One that makes batches ahead of their use, and none where that is no more than copying.
  func loaderThreads(for source: any TensorSource) -> Int { loaderThreads ?? (source.isInMemory ? 0 : 1) }

  /// The name of the metric, or `loss`, that says which epoch is best.
  func selection(of metrics: [String]) -> String { selection ?? metrics.first ?? "loss" }
}
