import VisionSystem
import VisionTensor

/// The state that the loader shares with its threads: the next batch to prepare, and the batches that are
/// ready.
///
/// A batch is prepared in chunks of samples, so that several threads work on the batch that is needed first.
// Safe to share: mutable state is only accessed with the lock held.
final class BatchLoaderCore: @unchecked Sendable {
  private static let chunkRows = 16

  private struct Chunk {
    let batch: BatchMemory
    let rows: Range<Int>
  }

  private let source: any BatchSource
  private let mixing: BatchMixing?
  private let seed: UInt64
  private let batchSize: Int
  private let batchesPerEpoch: Int
  private let isTraining: Bool
  private let end: Int
  /// The number of batches in circulation.
  private let slots: Int

  private let lock = ConditionLock()
  // Protected by the lock:
  private var order: EpochOrder
  private var free: [BatchMemory] = []
  /// The batches that are begun but not yet taken, in order.
  private var begun: [BatchMemory] = []
  /// The first row, in the last batch begun, that no thread has taken.
  private var nextRow = 0
  private var nextNumber: Int
  private var isStopped = false

  init(
    _ source: any BatchSource, _ options: BatchLoader.Options, batchSize: Int, batchesPerEpoch: Int,
    numbers: Range<Int>, slots: Int, isTraining: Bool
  ) {
    self.source = source
    mixing = isTraining ? options.mixing : nil
    seed = options.seed
    self.batchSize = batchSize
    self.batchesPerEpoch = batchesPerEpoch
    self.isTraining = isTraining
    (nextNumber, end) = (numbers.lowerBound, numbers.upperBound)
    order = EpochOrder(count: isTraining ? source.count : 0, seed: options.seed)
    self.slots = slots
    free = (0..<slots).map { _ in makeMemory() }
  }

  private func makeMemory() -> BatchMemory {
    BatchMemory(
      capacity: batchSize, sampleElements: source.sampleShape.elementCount, targetCount: source.targetCount,
      hasTargets: source.hasTargets || source.target != .classes, isMixed: mixing != nil)
  }

  /// The work of each thread.
  func work() {
    let reader = source.makeReader(seed: seed)
    while let chunk = takeChunk() {
      for row in chunk.rows {
        do {
          try reader.read(
            chunk.batch.samples[row], epoch: chunk.batch.epoch, into: chunk.batch.image(row))
        } catch {
          note(error, row, chunk.batch)
          break
        }
      }
      finish(chunk)
    }
  }

  func next() throws(TrainingError) -> BatchMemory? {
    try lock.withLock { () throws(TrainingError) -> BatchMemory? in
      while true {
        if isStopped { return nil }
        if let first = begun.first {
          if first.isReady {
            if let failure = first.failure { throw failure.error }
            return begun.removeFirst()
          }
        } else if nextNumber >= end {
          return nil
        } else if free.isEmpty {
          // All batches are in use, perhaps by threads that need this one before they return theirs.
          free.append(makeMemory())
          lock.wakeAll()
        }
        lock.wait()
      }
    }
  }

  func recycle(_ batch: BatchMemory) {
    lock.withLock {
      guard free.count + begun.count < slots else { return }
      free.append(batch)
      lock.wakeAll()
    }
  }

  func stop() {
    lock.withLock {
      isStopped = true
      lock.wakeAll()
    }
  }

  /// Waits for the next chunk; nil when there are no more.
  private func takeChunk() -> Chunk? {
    lock.withLock {
      while true {
        if isStopped { return nil }
        if let batch = begun.last, nextRow < batch.count {
          let rows = nextRow..<min(nextRow + Self.chunkRows, batch.count)
          nextRow = rows.upperBound
          return Chunk(batch: batch, rows: rows)
        }
        if nextNumber >= end { return nil }
        if let batch = free.popLast() {
          begin(batch)
        } else {
          lock.wait()
        }
      }
    }
  }

  private func begin(_ batch: BatchMemory) {
    batch.number = nextNumber
    nextNumber += 1
    batch.epoch = batch.number / batchesPerEpoch
    batch.position = batch.number % batchesPerEpoch
    let first = batch.position * batchSize
    let places = first..<min(first + batchSize, source.count)
    // New arrays, because a previous owner of the batch may still hold the old ones.
    batch.samples = isTraining ? Array(order.samples(places, epoch: batch.epoch)) : Array(places)
    batch.labels.removeAll(keepingCapacity: true)
    for sample in batch.samples { batch.labels.append(source.label(of: sample)) }
    batch.failure = wrongLabel(batch)
    batch.pendingChunks = (batch.count + Self.chunkRows - 1) / Self.chunkRows
    batch.isReady = false
    begun.append(batch)
    nextRow = 0
    lock.wakeAll()
  }

  /// A source may return any label, but targets are indexed by it.
  private func wrongLabel(_ batch: BatchMemory) -> (row: Int, error: TrainingError)? {
    guard source.target != .values else { return nil }
    for (row, label) in batch.labels.enumerated() where !(0..<source.targetCount).contains(label) {
      let error = TrainingError(
        .label, "the label \(label) is not in 0..<\(source.targetCount)",
        place: "sample \(batch.samples[row])")
      return (row, error)
    }
    return nil
  }

  /// Keeps the error of the first row, whichever thread reports first.
  private func note(_ error: TrainingError, _ row: Int, _ batch: BatchMemory) {
    lock.withLock {
      if batch.failure.map({ row < $0.row }) ?? true { batch.failure = (row, error) }
    }
  }

  /// The thread that finishes the last chunk writes the targets and mixes the samples.
  private func finish(_ chunk: Chunk) {
    let batch = chunk.batch
    let (isLast, isWhole) = lock.withLock {
      batch.pendingChunks -= 1
      return (batch.pendingChunks == 0, batch.failure == nil)
    }
    guard isLast else { return }
    if isWhole, batch.targets != nil {
      for row in 0..<batch.count {
        if let target = batch.target(row) { source.writeTarget(of: batch.samples[row], into: target) }
      }
    }
    if isWhole { mixing?.apply(to: batch, shape: source.sampleShape, seed: seed) }
    lock.withLock {
      batch.isReady = true
      lock.wakeAll()
    }
  }
}
