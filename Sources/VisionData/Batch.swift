/// Some samples at once, in memory that the loader uses again once the batch is given back.
///
/// A batch has one owner. It is given back by ``BatchLoader/recycle(_:)``, after which nobody can use it any more, or when its
/// owner lets go of it.
public struct Batch: ~Copyable, Sendable {
  private let memory: BatchMemory
  private let core: BatchLoaderCore

  init(_ memory: BatchMemory, from core: BatchLoaderCore) { (self.memory, self.core) = (memory, core) }

  deinit { core.recycle(memory) }

  /// N×… numbers, the inputs of `count` samples; valid as long as the batch.
  public var images: UnsafeMutableBufferPointer<Float> { memory.images }
  /// N×K numbers where samples are mixed or have more than one label to them, or values; nil where labels say it all.
  public var targets: UnsafeMutableBufferPointer<Float>? { memory.targets }
  /// The class of each sample; of mixed ones that of the first.
  public var labels: [Int] { memory.labels }
  /// The number of each sample in the source.
  public var samples: [Int] { memory.samples }
  /// From 0.
  public var epoch: Int { memory.epoch }
  /// The place of the batch in its epoch, from 0.
  public var position: Int { memory.position }
  /// N, the number of samples: the batch size, or less in the last batch of an evaluation.
  public var count: Int { memory.count }
  /// The numbers of one input.
  public var sampleElements: Int { memory.sampleElements }
  /// K, the numbers of one target.
  public var targetCount: Int { memory.targetCount }
}
