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

  private let source: any TensorSource
  private let options: BatchLoader.Options
  private let batchSize: Int
  private let batchesPerEpoch: Int
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
  /// Those of threads that ask for batches, while none of them reads.
  private var readers: [any TensorReader] = []

  init(
    _ source: any TensorSource, _ options: BatchLoader.Options, batchSize: Int, batchesPerEpoch: Int,
    numbers: Range<Int>, slots: Int
  ) {
    (self.source, self.options) = (source, options)
    self.batchSize = batchSize
    self.batchesPerEpoch = batchesPerEpoch
    (nextNumber, end) = (numbers.lowerBound, numbers.upperBound)
    order = EpochOrder(
      count: options.isTraining ? source.count : 0, seed: options.seed, wraps: options.lastBatch == .filledUp)
    self.slots = slots
    free = (0..<slots).map { _ in makeMemory() }
  }

  private var mixing: BatchMixing? { options.isTraining ? options.mixing : nil }

  private func makeMemory() -> BatchMemory {
    BatchMemory(source.specs, capacity: batchSize, isMixed: mixing != nil)
  }

  /// The work of each thread.
  func work() {
    let reader = source.makeReader(seed: options.seed)
    while let chunk = lock.withLock({ takeChunk(waits: true) }) { fill(chunk, reader) }
  }

  private func fill(_ chunk: Chunk, _ reader: any TensorReader) {
    let batch = chunk.batch
    for row in chunk.rows {
      do throws(TrainingError) {
        try reader.read(batch.samples[row], epoch: batch.epoch, into: batch.slots(row))
        if let error = batch.wrongClass(row) { throw error }
      } catch {
        note(error, row, batch)
        break
      }
    }
    finish(chunk)
  }

  func next() throws(TrainingError) -> BatchMemory? {
    while true {
      let (batch, chunk) = try lock.withLock { () throws(TrainingError) in try takeBatch() }
      guard let chunk else { return batch }
      let reader = lock.withLock { readers.popLast() } ?? source.makeReader(seed: options.seed)
      fill(chunk, reader)
      lock.withLock { readers.append(reader) }
    }
  }

  /// Waits for the next batch, under the lock; or gives a part of it that whoever asks has to read first. Neither at the end.
  private func takeBatch() throws(TrainingError) -> (BatchMemory?, Chunk?) {
    while !isStopped {
      if let first = begun.first, first.isReady {
        if let failure = first.failure { throw failure.error }
        return (begun.removeFirst(), nil)
      }
      if begun.isEmpty {
        if nextNumber >= end { return (nil, nil) }
        if free.isEmpty {
          // All are in use, perhaps by those who wait for this one before they give any back.
          free.append(makeMemory())
          lock.wakeAll()
        }
      }
      if options.threads == 0, let chunk = takeChunk(waits: false) { return (nil, chunk) }
      lock.wait()
    }
    return (nil, nil)
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

  /// Something to do, under the lock; nil when there is no more, or nothing to be had without waiting.
  private func takeChunk(waits: Bool) -> Chunk? {
    while !isStopped {
      if let batch = begun.last, nextRow < batch.count {
        let rows = nextRow..<min(nextRow + Self.chunkRows, batch.count)
        nextRow = rows.upperBound
        return Chunk(batch: batch, rows: rows)
      }
      if nextNumber >= end { return nil }
      if let batch = free.popLast() {
        begin(batch)
      } else if waits {
        lock.wait()
      } else {
        return nil
      }
    }
    return nil
  }

  private func begin(_ batch: BatchMemory) {
    batch.number = nextNumber
    nextNumber += 1
    batch.epoch = batch.number / batchesPerEpoch
    batch.position = batch.number % batchesPerEpoch
    let first = batch.position * batchSize
    // Anew, since whoever had the batch may still hold the old numbers.
    batch.samples =
      options.isTraining
      ? order.samples(first..<first + batchSize, epoch: batch.epoch)
      : Array(first..<min(first + batchSize, source.count))
    batch.failure = nil
    batch.pendingChunks = (batch.count + Self.chunkRows - 1) / Self.chunkRows
    batch.isReady = false
    begun.append(batch)
    nextRow = 0
    lock.wakeAll()
  }

  /// The first row decides, whichever thread came first.
  private func note(_ error: TrainingError, _ row: Int, _ batch: BatchMemory) {
    lock.withLock {
      if batch.failure.map({ row < $0.row }) ?? true { batch.failure = (row, error) }
    }
  }

  /// Whoever finishes the last chunk mixes.
  private func finish(_ chunk: Chunk) {
    let batch = chunk.batch
    let (isLast, isWhole) = lock.withLock {
      batch.pendingChunks -= 1
      return (batch.pendingChunks == 0, batch.failure == nil)
    }
    guard isLast else { return }
    if isWhole, let mixing {
      batch.expandClasses()
      mixing.apply(to: batch, seed: options.seed)
    }
    lock.withLock {
      batch.isReady = true
      lock.wakeAll()
    }
  }
}
