import VisionData
import VisionGraph

/// Defaults of open settings, which depend on the targets.
extension TrainerSettings {
  /// Cross-entropy for classes, the mean squared error for values.
  func loss(for target: BatchTarget) -> any LossOperator {
    loss ?? (target == .values ? MeanSquaredError() : SoftmaxCrossEntropy())
  }

  /// Accuracies for classes; otherwise metrics for labels or for values, depending on the loss.
  ///
  /// - Parameter columns: the number of outputs of the network for one sample.
  func metrics(for target: BatchTarget, columns: Int) -> [any Metric] {
    if let metrics { return metrics }
    if target != .values { return columns > 5 ? [TopAccuracy(1), TopAccuracy(5)] : [TopAccuracy(1)] }
    if loss is BinaryCrossEntropy || loss is BinaryFocalLoss {
      return [MeanAveragePrecision(), LabelAccuracy()]
    }
    return [ErrorMetric(.rootMeanSquare), ErrorMetric(.meanAbsolute)]
  }

  /// One thread that prepares batches in advance, or none for samples in memory, which are only copied.
  func loaderThreads(for source: any TensorSource) -> Int { loaderThreads ?? (source.isInMemory ? 0 : 1) }

  /// The name of the metric, or `loss`, that says which epoch is best.
  func selection(of metrics: [String]) -> String { selection ?? metrics.first ?? "loss" }
}
