public import VisionSystem
public import VisionTensor

/// The source of batches: numbered samples, each with an input and a target for the network.
///
/// Conform to it to train on data other than image files or tensors in memory.
public protocol BatchSource: Sendable {
  /// The number of samples, at least 1.
  var count: Int { get }
  /// The shape of one input without the batch axis, such as C×H×W.
  var sampleShape: Shape { get }
  /// K, the number of elements of one target: classes, or values of a regression.
  var targetCount: Int { get }
  /// Whether one label per sample is not sufficient, so that every batch needs targets: several labels, or
  /// values.
  var hasTargets: Bool { get }
  /// What the network's output is compared with. The default is classes, or probabilities of classes if
  /// `hasTargets`.
  var target: BatchTarget { get }
  /// The class of a sample, in 0..<K; arbitrary if targets are values.
  func label(of sample: Int) -> Int
  /// Writes the K elements of the target; by default 1 for the label and 0 elsewhere.
  func writeTarget(of sample: Int, into target: UnsafeMutableBufferPointer<Float>)
  /// A reader of samples for one thread; `seed` determines all random choices.
  func makeReader(seed: UInt64) -> any SampleReader
}

extension BatchSource {
  public var hasTargets: Bool { false }
  public var target: BatchTarget { hasTargets ? .distribution : .classes }

  public func writeTarget(of sample: Int, into target: UnsafeMutableBufferPointer<Float>) {
    target.update(repeating: 0)
    target[label(of: sample)] = 1
  }
}

/// Reads samples on one thread and owns the memory needed for it.
public protocol SampleReader: AnyObject {
  /// Writes the input of a sample for an epoch: exactly as many elements as the shape has, determined by
  /// sample, epoch and seed alone.
  func read(
    _ sample: Int, epoch: Int, into input: UnsafeMutableBufferPointer<Float>
  ) throws(TrainingError)
}
