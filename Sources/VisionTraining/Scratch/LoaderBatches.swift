public import VisionData
import VisionGraph
public import VisionSystem
import VisionTensor

/// Batches for a `Trainer` that a `BatchLoader` makes ahead of their use.
///
/// What the network is compared with is what the source says: classes, probabilities or values. Mixed samples of a class are
/// compared with the probabilities of their classes.
///
/// ```swift
/// let source = try TensorBatchSource(measures, .values(masses))
/// let batches = try LoaderBatches(source, batchSize: 32, isTraining: true)
/// let trainer = try Trainer(network, on: batches)
/// ```
public final class LoaderBatches: TrainingBatches {
  public let target: BatchTarget
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
  /// - Throws: `TrainingError`: `noImages` when there are no samples, `label` when one has a label outside 0..<K.
  public init(
    _ source: any BatchSource, batchSize: Int, isTraining: Bool, mixing: BatchMixing? = nil, threads: Int = 1
  ) throws(TrainingError) {
    guard source.count > 0 else { throw TrainingError(.noImages, "there are no samples") }
    self.source = source
    self.isTraining = isTraining
    self.mixing = isTraining ? mixing : nil
    self.threads = threads
    self.batchSize = min(max(batchSize, 1), source.count)
    batchesPerEpoch =
      isTraining ? source.count / self.batchSize : (source.count + self.batchSize - 1) / self.batchSize
    target = source.target == .classes && self.mixing != nil ? .distribution : source.target
    inputShape = source.sampleShape.dimensions
    classCounts =
      source.target == .classes ? try Self.countsOfLabels(source) : Self.countsOfTargets(source)
  }

  private static func countsOfLabels(_ source: any BatchSource) throws(TrainingError) -> [Int] {
    var counts = [Int](repeating: 0, count: source.targetCount)
    for sample in 0..<source.count {
      let label = source.label(of: sample)
      guard counts.indices.contains(label) else {
        throw TrainingError(
          .label, "the label \(label) is not in 0..<\(source.targetCount)", place: "sample \(sample)")
      }
      counts[label] += 1
    }
    return counts
  }

  /// How many samples each class applies to; nil for values that are more than yes and no.
  private static func countsOfTargets(_ source: any BatchSource) -> [Int]? {
    var counts = [Int](repeating: 0, count: source.targetCount)
    var areLabels = true
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(source.targetCount, 1)) { room in
      room.initialize(repeating: 0)
      let target = UnsafeMutableBufferPointer(rebasing: room[..<source.targetCount])
      for sample in 0..<source.count where areLabels {
        source.writeTarget(of: sample, into: target)
        for (column, value) in target.enumerated() where value >= 0.5 { counts[column] += 1 }
        if source.target == .values { areLabels = target.allSatisfy { $0 == 0 || $0 == 1 } }
      }
    }
    return areLabels ? counts : nil
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
    guard let batch = try loader?.next() else { return nil }
    try check(buffers)
    _ = buffers.input.update(fromContentsOf: batch.images)
    if target == .classes {
      for (row, label) in batch.labels.enumerated() { buffers.classes[row] = Int64(label) }
    } else if let targets = batch.targets {
      _ = buffers.targets.update(fromContentsOf: targets)
    } else {
      throw TrainingError(.data, "a batch has no numbers to compare with")
    }
    return batch.samples
  }

  private func check(_ buffers: BatchBuffers) throws(TrainingError) {
    let width = source.targetCount
    guard target == .classes || buffers.targets.count == batchSize * width else {
      throw TrainingError(
        .data, "targets of \(width) numbers for a network that gives \(buffers.targets.count / batchSize)",
        remedy: "make the last layer as wide as the targets")
    }
    guard buffers.input.count >= batchSize * source.sampleShape.elementCount,
      target != .classes || buffers.classes.count >= batchSize
    else { throw TrainingError(.data, "there is no room for a batch of \(batchSize) samples") }
  }
}
