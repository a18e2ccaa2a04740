import VisionData
import VisionSystem
import VisionTensor

/// The batches of a source for a trainer: shuffled for training, in order for validation. Used by one thread
/// at a time.
final class BatchFeed {
  let source: any TensorSource
  /// The kind of the targets; with mixing, classes become probabilities.
  let target: BatchTarget
  let batchSize: Int
  let batchesPerEpoch: Int
  private let options: BatchLoader.Options
  private var loader: BatchLoader?

  /// - Parameter isTraining: whether samples are shuffled and mixed, and batches are whole.
  init(_ source: any TensorSource, _ settings: TrainerSettings, isTraining: Bool) throws(TrainingError) {
    let batchSize = settings.batchSize
    guard source.count > 0 else { throw TrainingError(.noImages, "there are no samples") }
    guard batchSize > 0 else { throw TrainingError(.data, "the batch size \(batchSize) is not above 0") }
    guard source.specs.count > 1 else {
      throw TrainingError(
        .data, "a sample is inputs and what the network should give, not \(source.specs.count) tensors")
    }
    self.source = source
    options = BatchLoader.Options(
      batchSize: batchSize, threads: settings.loaderThreads(for: source),
      mode: isTraining ? .training(epochs: 0..<0) : .evaluation, mixing: isTraining ? settings.mixing : nil,
      lastBatch: settings.lastBatch)
    self.batchSize = options.batchSize(of: source.count)
    batchesPerEpoch = options.batchesPerEpoch(of: source.count)
    target = source.target == .classes && options.mixing != nil ? .distribution : source.target
  }

  var sampleCount: Int { source.count }
  /// The tensors of a sample that the network reads, in the order of its inputs; the target follows them.
  var inputs: ArraySlice<TensorSpec> { source.specs.dropLast() }

  /// The number of target values per sample; nil for classes.
  var targetWidth: Int? {
    guard target != .classes, let spec = source.specs.last else { return nil }
    if case .classes(let count) = spec.mixing { return count }
    return spec.bounds.elementCount
  }

  /// Moves to a batch of an epoch, which `next` then returns first.
  func start(seed: UInt64 = 0, epoch: Int = 0, batch: Int = 0) throws(TrainingError) {
    // The threads of the previous loader must end first, since both share a memory budget.
    loader = nil
    guard batch < batchesPerEpoch else { return }
    var options = options
    options.seed = seed
    if options.isTraining { options.mode = .training(epochs: epoch..<epoch + 1, position: batch) }
    loader = try BatchLoader(source, options)
  }

  /// The next batch; nil after the last one of the epoch.
  func next() throws(TrainingError) -> TensorBatch? { try loader?.next() }
}
