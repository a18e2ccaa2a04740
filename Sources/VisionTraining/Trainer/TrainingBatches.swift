public import VisionSystem
public import VisionImage
public import VisionData

/// Samples in batches of one size, epoch after epoch: what a `Trainer` learns from and is judged by.
///
/// Used by one thread at a time. The same seed, epoch and batch give the same bytes, whatever came before.
public protocol TrainingBatches: AnyObject {
  /// What the samples are compared with.
  var target: BatchTarget { get }
  /// The extents of one sample's input, such as C×H×W.
  var inputShape: [Int] { get }
  /// N, the samples of a batch.
  var batchSize: Int { get }
  /// The samples that there are.
  var sampleCount: Int { get }
  /// The batches of an epoch. To train on, each has `batchSize` samples; to judge by, the last may have fewer.
  var batchesPerEpoch: Int { get }
  /// How many samples each class has, or positive samples where there are several labels; nil where there are no classes.
  var classCounts: [Int]? { get }

  /// Goes to a batch, of which `next` is then the first.
  ///
  /// - Parameters:
  ///   - seed: of the order and of all that is random.
  ///   - epoch: from 0 on.
  ///   - batch: 0...batchesPerEpoch.
  func start(seed: UInt64, epoch: Int, batch: Int) throws(TrainingError)

  /// Writes the next batch and returns the numbers of its samples, which tell them apart; nil after the last.
  ///
  /// Where these are fewer than `batchSize`, the rest of the buffers does not matter.
  func next(into buffers: BatchBuffers) throws(TrainingError) -> [Int]?

  /// The files that turned out to be unusable since this was last called.
  func takeSkipped() -> [SkippedFile]
}

extension TrainingBatches {
  public func takeSkipped() -> [SkippedFile] { [] }
}

/// Where a batch is written.
public struct BatchBuffers {
  /// N × the extents of a sample.
  public let input: UnsafeMutableBufferPointer<Float>
  /// N, written where the target is `classes`.
  public let classes: UnsafeMutableBufferPointer<Int64>
  /// N × the outputs of the network, written otherwise.
  public let targets: UnsafeMutableBufferPointer<Float>

  public init(
    input: UnsafeMutableBufferPointer<Float>, classes: UnsafeMutableBufferPointer<Int64>,
    targets: UnsafeMutableBufferPointer<Float>
  ) {
    self.input = input
    self.classes = classes
    self.targets = targets
  }
}
