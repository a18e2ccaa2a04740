public import VisionTensor

/// The tensors of some samples at once, in memory that the loader uses again once the batch is given back.
///
/// A batch has one owner. It is given back by ``BatchLoader/recycle(_:)``, after which nobody can use it any more, or when its
/// owner lets go of it.
public struct TensorBatch: ~Copyable, Sendable {
  private let memory: BatchMemory
  private let core: BatchLoaderCore

  init(_ memory: BatchMemory, from core: BatchLoaderCore) { (self.memory, self.core) = (memory, core) }

  deinit { core.recycle(memory) }

  /// The tensors: those of the source, where samples are mixed with shares of classes (float32 N×K) for classes, and behind
  /// them the counts of those of varying length.
  public var specs: [TensorSpec] { memory.parts.map(\.spec) }
  /// The number of each sample in the source.
  public var samples: [Int] { memory.samples }
  /// From 0.
  public var epoch: Int { memory.epoch }
  /// The place of the batch in its epoch, from 0.
  public var position: Int { memory.position }
  /// N, the number of samples: the batch size, or less in the last batch of an evaluation.
  public var count: Int { memory.count }

  /// The bytes of tensor `index`, N×…; valid as long as the batch.
  public func bytes(_ index: Int) -> UnsafeMutableRawBufferPointer { memory.bytes(index, count: count) }

  /// The numbers of tensor `index`, N×…; valid as long as the batch.
  ///
  /// Precondition: it is float32.
  public func floats(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
    precondition(memory.parts[index].spec.type == .float32)
    return bytes(index).bindMemory(to: Float.self)
  }

  /// The numbers of tensor `index`, N×…; valid as long as the batch.
  ///
  /// Precondition: it is int64.
  public func integers(_ index: Int) -> UnsafeMutableBufferPointer<Int64> {
    precondition(memory.parts[index].spec.type == .int64)
    return bytes(index).bindMemory(to: Int64.self)
  }
}
