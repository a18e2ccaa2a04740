public import VisionSystem
public import VisionTensor

/// What batches are made of: numbered samples, each an input of the network and what the network should say.
///
/// Conform a type of your own to train on anything else than images in files or tensors in memory.
public protocol BatchSource: Sendable {
  /// The number of samples, at least 1.
  var count: Int { get }
  /// The shape of one input without N, such as C×H×W.
  var sampleShape: Shape { get }
  /// K, the numbers of one target: classes, or values of a regression.
  var targetCount: Int { get }
  /// Whether a sample has more to it than one label, so that every batch has targets: several labels, or values.
  var hasTargets: Bool { get }
  /// What a network's output is compared with: classes, probabilities of classes, or values. By default classes, and where there
  /// are targets probabilities.
  var target: BatchTarget { get }
  /// The class of a sample, in 0..<K; anything where there are values.
  func label(of sample: Int) -> Int
  /// Writes the K numbers that the network should give: by default 1 for the label and 0 for the rest.
  func writeTarget(of sample: Int, into target: UnsafeMutableBufferPointer<Float>)
  /// What reads samples on one thread; `seed` is that of all random choices.
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

/// Reads samples on one thread, with the memory that this takes.
public protocol SampleReader: AnyObject {
  /// Writes the input of a sample for an epoch: exactly as many numbers as the shape has, which follow from sample, epoch
  /// and seed alone.
  func read(
    _ sample: Int, epoch: Int, into input: UnsafeMutableBufferPointer<Float>
  ) throws(TrainingError)
}
