public import VisionSystem
import VisionTensor

/// Prepares batches ahead of their use, on its own threads and in memory that it reuses.
///
/// The contents of a batch depend only on the source, the seed, the epoch and its position, not on the number
/// of threads. In training, the samples of an epoch are shuffled, and an incomplete last batch is omitted;
/// the batch size is at most the number of samples. In evaluation, every sample comes once, in order, and the
/// last batch may be smaller.
///
/// ```swift
/// let loader = try BatchLoader(source, .init(batchSize: 64, mode: .training(epochs: 0..<10)))
/// while let batch = try loader.next() {
///   step(batch.images, batch.labels)
///   loader.recycle(batch)
/// }
/// ```
public final class BatchLoader: Sendable {
  /// The batches to prepare and their order.
  public enum Mode: Sendable, Hashable {
    /// Shuffled batches of these epochs; the first epoch starts at the batch `position`.
    case training(epochs: Range<Int>, position: Int = 0)
    /// Every sample once.
    case evaluation
  }

  public struct Options: Sendable, Hashable {
    /// N, at least 1; reduced to the number of samples if there are fewer.
    public var batchSize: Int
    /// The number of threads that prepare batches, at least 1.
    public var threads: Int
    /// The number of batches prepared ahead of those in use, at least 1.
    public var ahead: Int
    /// The seed for order, augmentation and mixing.
    public var seed: UInt64
    public var mode: Mode
    /// How the samples of a training batch are mixed; nil for no mixing.
    public var mixing: BatchMixing?

    public init(
      batchSize: Int = 32, threads: Int = 1, ahead: Int = 2, seed: UInt64 = 0, mode: Mode,
      mixing: BatchMixing? = nil
    ) {
      (self.batchSize, self.threads, self.ahead) = (batchSize, threads, ahead)
      (self.seed, self.mode, self.mixing) = (seed, mode, mixing)
    }
  }

  /// N, for every batch except the last of an evaluation: the requested size, or the number of samples if
  /// that is smaller.
  public let batchSize: Int
  /// The number of batches in an epoch or evaluation.
  public let batchesPerEpoch: Int
  /// The memory of all batches, those prepared ahead and one in use, in bytes.
  public let byteCount: Int
  private let core: BatchLoaderCore
  private let threads: [BackgroundThread]

  /// Starts the threads.
  /// - Throws: `TrainingError` with code `invalidArgument` for values outside their ranges, `noImages`
  ///   without samples, `shape` for CutMix of inputs other than images, `tooLarge` when the batches do not
  ///   fit into memory, `threads` when no thread can be started.
  public init(_ source: any BatchSource, _ options: Options) throws(TrainingError) {
    guard options.batchSize > 0, (1...1024).contains(options.threads), (1...1024).contains(options.ahead)
    else {
      throw TrainingError(
        .invalidArgument,
        "batch size, threads and batches ahead must be at least 1, the latter two at most 1024")
    }
    guard source.count > 0 else { throw TrainingError(.noImages, "there are no samples") }
    try options.mixing?.check(source.sampleShape)
    batchSize = min(options.batchSize, source.count)
    var isTraining = false
    var numbers = 0..<0
    switch options.mode {
    case .training(let epochs, let position):
      isTraining = true
      batchesPerEpoch = source.count / batchSize
      guard epochs.lowerBound >= 0, (0...batchesPerEpoch).contains(position),
        !epochs.isEmpty || position == 0
      else {
        throw TrainingError(
          .invalidArgument,
          "an epoch has \(batchesPerEpoch) batches: there is no position \(position) in \(epochs)")
      }
      numbers = epochs.lowerBound * batchesPerEpoch + position..<epochs.upperBound * batchesPerEpoch
    case .evaluation:
      batchesPerEpoch = (source.count + batchSize - 1) / batchSize
      numbers = 0..<batchesPerEpoch
    }
    let elements = Shape([batchSize] + source.sampleShape.dimensions).checkedElementCount ?? Int.max / 8
    let slots = min(options.ahead + 1, max(numbers.count, 1))
    let (bytes, overflow) = (elements &+ batchSize &* source.targetCount).multipliedReportingOverflow(
      by: 4 * slots)
    guard !overflow, bytes <= MachineMemory.limit else {
      throw TrainingError(
        .tooLarge, "\(slots) batches of \(batchSize) inputs \(source.sampleShape) do not fit into memory",
        remedy: "take a smaller batch size or fewer batches ahead")
    }
    byteCount = bytes
    let core = BatchLoaderCore(
      source, options, batchSize: batchSize, batchesPerEpoch: batchesPerEpoch, numbers: numbers, slots: slots,
      isTraining: isTraining)
    self.core = core
    threads = (0..<options.threads).compactMap { _ in BackgroundThread { core.work() } }
    guard !threads.isEmpty else { throw TrainingError(.threads, "the system starts no thread") }
  }

  deinit {
    core.stop()
    for thread in threads { thread.join() }
  }

  /// Waits for the next batch; nil at the end or after `cancel`. Return the batch with `recycle`.
  ///
  /// Any number of threads may call this; each gets a different batch. If more than `ahead` + 1 batches are
  /// in use at once, memory for more is allocated.
  ///
  /// - Throws: `TrainingError` for the first sample of the batch that cannot be read, with the file as place.
  ///   Every further call throws it again.
  public func next() throws(TrainingError) -> Batch? {
    guard let memory = try core.next() else { return nil }
    return Batch(memory, from: core)
  }

  /// Returns a batch, so that its memory can be reused.
  public func recycle(_ batch: consuming Batch) {}

  /// Stops the loader: `next` returns no more batches.
  public func cancel() { core.stop() }
}
