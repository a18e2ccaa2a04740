import VisionGraph
import VisionTensor

/// Batches for a `Trainer` that a `BatchLoader` makes ahead of their use.
///
/// Mixed pictures are compared with the probabilities of their classes, others with their class.
public final class LoaderBatches: TrainingBatches {
  public let target: TrainingEngine.Target
  public let inputShape: [Int]
  public let batchSize: Int
  public let batchesPerEpoch: Int
  public let classCounts: [Int]?
  private let source: any BatchSource
  private let isTraining: Bool
  private let mixing: BatchMixing?
  private let threads: Int
  private var loader: BatchLoader?

  /// - Parameters:
  ///   - batchSize: fewer are taken where there are fewer samples.
  ///   - isTraining: whether samples are shuffled and batches are whole; otherwise all come once, in their order.
  ///   - mixing: of batches to train on.
  ///   - threads: that make batches.
  /// - Throws: `TrainingError` when there are no samples.
  public init(
    _ source: any BatchSource, batchSize: Int, isTraining: Bool, mixing: BatchMixing? = nil, threads: Int = 1
  ) throws(TrainingError) {
    guard source.count > 0 else { throw TrainingError("noPictures", "there are no samples") }
    self.source = source
    self.isTraining = isTraining
    self.mixing = isTraining ? mixing : nil
    self.threads = threads
    self.batchSize = min(max(batchSize, 1), source.count)
    batchesPerEpoch =
      isTraining ? source.count / self.batchSize : (source.count + self.batchSize - 1) / self.batchSize
    target = source.hasTargets || self.mixing != nil ? .distribution : .classes
    inputShape = source.sampleShape.dimensions
    var counts = [Int](repeating: 0, count: source.targetCount)
    for sample in 0..<source.count { counts[source.label(of: sample)] += 1 }
    classCounts = counts
  }

  public var sampleCount: Int { source.count }

  public func start(seed: UInt64, epoch: Int, batch: Int) throws(TrainingError) {
    // The threads of the loader before have to end first, since both use the same memory budget.
    loader = nil
    guard batch < batchesPerEpoch else { return }
    let mode =
      isTraining ? BatchLoader.Mode.training(epochs: epoch..<epoch + 1, position: batch) : .evaluation
    loader = try BatchLoader(
      source, .init(batchSize: batchSize, threads: threads, seed: seed, mode: mode, mixing: mixing))
  }

  public func next(into buffers: BatchBuffers) throws(TrainingError) -> [Int]? {
    guard let loader, let batch = try loader.next() else { return nil }
    defer { loader.recycle(batch) }
    _ = buffers.input.update(fromContentsOf: batch.images)
    if target == .classes {
      for (row, label) in batch.labels.enumerated() { buffers.classes[row] = Int64(label) }
    } else if let targets = batch.targets {
      _ = buffers.targets.update(fromContentsOf: targets)
    } else {
      throw TrainingError("data", "a batch has no probabilities to compare with")
    }
    return batch.samples
  }
}
