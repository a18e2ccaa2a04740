/// Several samples, in memory that the loader reuses after the batch is returned.
///
/// A batch has one owner. It is returned by ``BatchLoader/recycle(_:)``, after which it can no longer be
/// used, or when its owner releases it.
public struct Batch: ~Copyable, Sendable {
  private let memory: BatchMemory
  private let core: BatchLoaderCore

  init(_ memory: BatchMemory, from core: BatchLoaderCore) { (self.memory, self.core) = (memory, core) }

  deinit { core.recycle(memory) }

  /// The inputs of `count` samples, N×…; valid as long as the batch exists.
  public var images: UnsafeMutableBufferPointer<Float> { memory.images }
  /// The targets, N×K, if samples are mixed, have several labels or have values; nil if `labels` is
  /// sufficient.
  public var targets: UnsafeMutableBufferPointer<Float>? { memory.targets }
  /// The class of each sample; for mixed samples, the class of the first.
  public var labels: [Int] { memory.labels }
  /// The index of each sample in the source.
  public var samples: [Int] { memory.samples }
  /// The epoch, starting at 0.
  public var epoch: Int { memory.epoch }
  /// The position of the batch in its epoch, starting at 0.
  public var position: Int { memory.position }
  /// N, the number of samples: the batch size, or fewer in the last batch of an evaluation.
  public var count: Int { memory.count }
  /// The number of elements of one input.
  public var sampleElements: Int { memory.sampleElements }
  /// K, the number of elements of one target.
  public var targetCount: Int { memory.targetCount }
}
