import VisionData
import VisionRuntime
import VisionSystem
import VisionTensor

extension TrainingEngine {
  /// Calls `body` with the first input of the next step, such as images N×C×H×W.
  public func withInput<Result>(_ body: (UnsafeMutableBufferPointer<Float>) throws -> Result) rethrows
    -> Result
  {
    try body(input(0).bindMemory(to: Float.self))
  }

  /// Calls `body` with the classes of the next step, N.
  ///
  /// Precondition: the target is `.classes`.
  public func withClasses<Result>(_ body: (UnsafeMutableBufferPointer<Int64>) throws -> Result) rethrows
    -> Result
  {
    precondition(settings.target == .classes, "the target of this training is not classes")
    return try body(input(places.target).bindMemory(to: Int64.self))
  }

  /// Calls `body` with the target values of the next step, in the shape of the prediction.
  ///
  /// Precondition: the target is not `.classes`.
  public func withTargets<Result>(_ body: (UnsafeMutableBufferPointer<Float>) throws -> Result) rethrows
    -> Result
  {
    precondition(settings.target != .classes, "the target of this training is classes")
    return try body(input(places.target).bindMemory(to: Float.self))
  }

  /// Copies a batch of inputs and targets.
  ///
  /// Precondition: it has the size of the engine's inputs.
  func write(_ batch: borrowing TensorBatch) {
    for (index, input) in places.inputs.enumerated() {
      if let input { write(batch, index, into: input) }
    }
    write(batch, places.inputs.count, into: places.target)
  }

  private func write(_ batch: borrowing TensorBatch, _ index: Int, into input: Int) {
    let (from, to) = (batch.bytes(index), self.input(input))
    precondition(from.count == to.count)
    to.copyMemory(from: UnsafeRawBufferPointer(from))
  }

  /// Copies the next batch, and returns the indices of its samples.
  func load(_ batches: BatchFeed) throws(TrainingError) -> [Int] {
    guard let batch = try batches.next(), batch.count == batches.batchSize else {
      throw TrainingError(.data, "there is no batch of \(batches.batchSize) samples to train on")
    }
    write(batch)
    return batch.samples
  }

  /// Sets the keys of dropout for the next step, which depend only on seed, epoch and sample index.
  ///
  /// Precondition: there is a sample for each row of the batch.
  public func setKeys(seed: UInt64, epoch: Int, samples: [Int]) {
    precondition(samples.count == settings.batchSize)
    guard let keys = places.keys else { return }
    let numbers = input(keys).bindMemory(to: Int64.self)
    for (row, sample) in samples.enumerated() {
      numbers[3 * row] = Int64(bitPattern: seed)
      numbers[3 * row + 1] = Int64(epoch)
      numbers[3 * row + 2] = Int64(sample)
    }
  }
}
