public import VisionSystem
import VisionTensor

/// Prepares batches ahead of their use, on its own threads and in memory that it reuses.
///
/// What a batch holds follows from the source, the seed, the epoch and its position, never from the number of threads.
/// In training the samples of an epoch are shuffled, and a last batch that would be incomplete is left out or filled up; the
/// batch size is never more than the number of samples. In evaluation all samples come once, in their order, the last batch
/// being smaller.
///
/// ```swift
/// let loader = try BatchLoader(source, .init(batchSize: 64, mode: .training(epochs: 0..<10)))
/// while let batch = try loader.next() {
///   step(batch.floats(0), batch.integers(1))
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

  /// What becomes of the last batch of an epoch of training where the samples are no multiple of the batch size.
  public enum LastBatch: Sendable, Hashable {
    case leftOut
    /// It has the first samples of the epoch once more.
    case filledUp
  }

  public struct Options: Sendable, Hashable {
    /// N, at least 1; reduced to the number of samples if there are fewer.
    public var batchSize: Int
    /// How many threads make batches ahead of their use; 0 makes each when it is asked for, on the thread that asks.
    public var threads: Int
    /// The number of batches prepared ahead of those in use, at least 1.
    public var ahead: Int
    /// The seed for order, augmentation and mixing.
    public var seed: UInt64
    public var mode: Mode
    /// How the samples of a training batch are mixed; nil for no mixing.
    public var mixing: BatchMixing?
    public var lastBatch: LastBatch

    public init(
      batchSize: Int = 32, threads: Int = 1, ahead: Int = 2, seed: UInt64 = 0, mode: Mode,
      mixing: BatchMixing? = nil, lastBatch: LastBatch = .leftOut
    ) {
      (self.batchSize, self.threads, self.ahead) = (batchSize, threads, ahead)
      (self.seed, self.mode, self.mixing, self.lastBatch) = (seed, mode, mixing, lastBatch)
    }

    package var isTraining: Bool { mode != .evaluation }

    /// N for so many samples.
    package func batchSize(of samples: Int) -> Int { min(batchSize, samples) }

    /// The batches of an epoch of so many samples.
    ///
    /// Precondition: there are samples, and the batch size is at least 1.
    package func batchesPerEpoch(of samples: Int) -> Int {
      let size = batchSize(of: samples)
      return isTraining && lastBatch == .leftOut ? samples / size : (samples + size - 1) / size
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
  ///
  /// - Throws: `TrainingError` with code `invalidArgument` for values outside their ranges and for mixing what cannot be mixed,
  ///   `shape` for CutMix of what is no image, `data` for tensors that do not go together, `tooLarge` when the batches do not fit
  ///   into memory, `threads` when no thread can be started.
  public init(_ source: any TensorSource, _ options: Options) throws(TrainingError) {
    guard options.batchSize > 0, (0...1024).contains(options.threads), (1...1024).contains(options.ahead)
    else {
      throw TrainingError(
        .invalidArgument,
        "batch size and batches ahead must be at least 1, batches ahead and threads at most 1024")
    }
    guard source.count > 0 else { throw TrainingError(.noImages, "there are no samples") }
    if let complaint = TensorSpec.complaint(about: source.specs) { throw TrainingError(.data, complaint) }
    try options.mixing?.check(source.specs)
    batchSize = options.batchSize(of: source.count)
    batchesPerEpoch = options.batchesPerEpoch(of: source.count)
    var numbers = 0..<batchesPerEpoch
    if case .training(let epochs, let position) = options.mode {
      guard epochs.lowerBound >= 0, (0...batchesPerEpoch).contains(position),
        !epochs.isEmpty || position == 0
      else {
        throw TrainingError(
          .invalidArgument,
          "an epoch has \(batchesPerEpoch) batches: there is no position \(position) in \(epochs)")
      }
      numbers = epochs.lowerBound * batchesPerEpoch + position..<epochs.upperBound * batchesPerEpoch
    }
    let slots = options.threads == 0 ? 1 : min(options.ahead + 1, max(numbers.count, 1))
    let specs = BatchMemory.specs(source.specs, isMixed: options.isTraining && options.mixing != nil)
    byteCount = try Self.bytes(specs, batchSize, slots)
    let core = BatchLoaderCore(
      source, options, batchSize: batchSize, batchesPerEpoch: batchesPerEpoch, numbers: numbers, slots: slots)
    self.core = core
    threads = (0..<options.threads).compactMap { _ in BackgroundThread { core.work() } }
    guard !threads.isEmpty || options.threads == 0 else {
      throw TrainingError(.threads, "the system starts no thread")
    }
  }

  private static func bytes(_ specs: [TensorSpec], _ batchSize: Int, _ slots: Int) throws(TrainingError)
    -> Int
  {
    var sum = 0
    for spec in specs + specs.compactMap(\.countSpec) {
      let count = Shape([slots, batchSize] + spec.bounds.dimensions).checkedElementCount ?? .max
      let (bytes, overflow) = count.multipliedReportingOverflow(by: spec.type.byteCount)
      let (total, isTooMuch) = sum.addingReportingOverflow(bytes)
      guard !overflow, !isTooMuch, total <= MachineMemory.limit else {
        throw TrainingError(
          .tooLarge,
          "\(slots) batches of \(batchSize) samples with '\(spec.name)' \(spec.bounds) do not fit into memory",
          remedy: "take a smaller batch size or fewer batches ahead")
      }
      sum = total
    }
    return sum
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
  /// - Throws: `TrainingError` of the first sample of the batch that cannot be read, with the file as place, again and
  ///   again.
  public func next() throws(TrainingError) -> TensorBatch? {
    guard let memory = try core.next() else { return nil }
    return TensorBatch(memory, from: core)
  }

  /// Gives a batch back, whose memory the next one can have.
  public func recycle(_ batch: consuming TensorBatch) {}

  /// Stops the loader: `next` returns no more batches.
  public func cancel() { core.stop() }
}
