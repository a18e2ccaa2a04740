public import VisionSystem
public import VisionTensor

/// What batches are made of: numbered samples, each some named tensors, of which one the network reads and one its output is
/// compared with.
///
/// Conform a type of your own to train on anything else than images in files or tensors in memory.
public protocol TensorSource: Sendable {
  /// The number of samples, at least 1.
  var count: Int { get }
  /// The tensors of a sample: what the network reads, in the order of its inputs, then what it should give.
  var specs: [TensorSpec] { get }
  /// What the last tensor is: by default classes where it is of int64, and values otherwise.
  var target: BatchTarget { get }
  /// How many samples each class has, or how many a label applies to; nil where there are no classes, or nobody has counted.
  var classCounts: [Int]? { get }
  /// Whether reading a sample takes no longer than copying it, so that threads of its own would not pay.
  var isInMemory: Bool { get }
  /// What reads samples on one thread; `seed` is that of all random choices.
  func makeReader(seed: UInt64) -> any TensorReader
}

extension TensorSource {
  public var target: BatchTarget { specs.last?.type == .int64 ? .classes : .values }
  public var classCounts: [Int]? { nil }
  public var isInMemory: Bool { false }
}

/// Reads samples on one thread, with the memory that this takes.
public protocol TensorReader: AnyObject {
  /// Writes the tensors of a sample for an epoch, which follow from sample, epoch and seed alone.
  ///
  /// - Throws: `TrainingError` with the file as place where the sample cannot be read.
  func read(_ sample: Int, epoch: Int, into slots: borrowing TensorSlots) throws(TrainingError)
}
