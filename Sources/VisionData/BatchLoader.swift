public import VisionSystem
import VisionTensor

/// Makes batches ahead of their use, on threads of its own, in memory that is used again.
///
/// What a batch holds follows from the source, the seed, the epoch and its position, never from the number of threads.
/// In training the samples of an epoch are shuffled, and a last batch that would be incomplete is left out; the batch
/// size is never more than the number of samples. In evaluation all samples come once, in their order, the last batch
/// being smaller.
///
/// ```swift
/// let loader = try BatchLoader(source, .init(batchSize: 64, mode: .training(epochs: 0..<10)))
/// while let batch = try loader.next() {
///   step(batch.images, batch.labels)
///   loader.recycle(batch)
/// }
/// ```
public final class BatchLoader: Sendable {
  /// Which batches come, in which order.
  public enum Mode: Sendable, Hashable {
    /// Shuffled batches of these epochs, the first of them from the batch `position` on.
    case training(epochs: Range<Int>, position: Int = 0)
    /// Every sample once.
    case evaluation
  }

  public struct Options: Sendable, Hashable {
    /// N, at least 1; the loader takes fewer where there are fewer samples.
    public var batchSize: Int
    /// How many threads make batches, at least 1.
    public var threads: Int
    /// How many batches may wait beside those in use, at least 1.
    public var ahead: Int
    /// The seed of order, augmentation and mixing.
    public var seed: UInt64
    public var mode: Mode
    /// How samples of a training batch are mixed; nil for not at all.
    public var mixing: BatchMixing?

    public init(
      batchSize: Int = 32, threads: Int = 1, ahead: Int = 2, seed: UInt64 = 0, mode: Mode,
      mixing: BatchMixing? = nil
    ) {
      (self.batchSize, self.threads, self.ahead) = (batchSize, threads, ahead)
      (self.seed, self.mode, self.mixing) = (seed, mode, mixing)
    }
  }

  /// N of every batch but the last one of an evaluation: the wanted size, or the number of samples if that is less.
  public let batchSize: Int
  /// How many batches an epoch has, or the evaluation.
  public let batchesPerEpoch: Int
  /// The bytes of the batches that are used in turn: those made ahead and one in use.
  public let byteCount: Int
  private let core: BatchLoaderCore
  private let threads: [BackgroundThread]

  /// Starts the threads.
  ///
  /// - Throws: `TrainingError` with code `invalidArgument` for values outside their ranges, `shape` for CutMix of what is
  ///   no image, `tooLarge` when the batches do not fit into memory, `threads` when no thread can be started.
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

  /// The next batch, waited for; nil at the end or once cancelled. Give it back by `recycle`.
  ///
  /// Any number of threads may ask; each gets another batch. Where more than `ahead` + 1 are in use at once, memory for further
  /// ones is made.
  ///
  /// - Throws: `TrainingError` of the first sample of the batch that cannot be read, with the file as place, again and
  ///   again.
  public func next() throws(TrainingError) -> Batch? {
    guard let memory = try core.next() else { return nil }
    return Batch(memory, from: core)
  }

  /// Gives a batch back, whose memory the next one can have.
  public func recycle(_ batch: consuming Batch) {}

  /// Ends it: `next` gives no more batches.
  public func cancel() { core.stop() }
}
