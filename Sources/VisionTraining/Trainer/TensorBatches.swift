public import VisionData
import VisionGraph
public import VisionSystem
public import VisionTensor

/// Batches of samples that lie in tensors.
///
/// To train on, every epoch has an order of its own, and its last batch is filled up from the beginning of that order.
public final class TensorBatches: TrainingBatches {
  /// The order of the samples.
  public enum Order: Sendable, Hashable {
    /// Another one for each epoch.
    case shuffled
    /// As they come, each once.
    case sequential
  }

  public let target: BatchTarget
  public let inputShape: [Int]
  public let batchSize: Int
  public let sampleCount: Int
  public let classCounts: [Int]?
  private let order: Order
  private let x: [Float]
  private let classes: [Int64]
  private let values: [Float]
  private var permutation: [Int] = []
  private var batch = 0

  /// - Parameters:
  ///   - x: N×…, N at least 1; other types become float32.
  ///   - y: classes, integers N in 0..<`classCount`; or floats N×… that the network's output is compared with.
  ///   - target: how floats are meant: `.values`, or `.distribution` for probabilities of classes.
  ///   - classCount: K; nil takes the largest class. For floats, a target of zeros and ones counts as labels.
  ///   - batchSize: at least 1; no more than N are taken.
  /// - Throws: `TrainingError` with code `data` when x and y do not fit together.
  public init(
    _ x: Tensor, _ y: Tensor, target: BatchTarget? = nil, classCount: Int? = nil,
    batchSize: Int = 32,
    order: Order = .shuffled
  ) throws(TrainingError) {
    guard x.shape.rank >= 2, x.shape[0] > 0, y.shape.rank >= 1, y.shape[0] == x.shape[0] else {
      throw TrainingError(
        .data, "inputs \(x.shape) and targets \(y.shape) must both begin with N, at least 1")
    }
    guard batchSize > 0 else { throw TrainingError(.data, "the batch size \(batchSize) is not above 0") }
    sampleCount = x.shape[0]
    self.batchSize = min(batchSize, sampleCount)
    self.order = order
    inputShape = Array(x.shape.dimensions.dropFirst())
    self.x = x.floats
    if y.elementType.isFloatingPoint {
      guard target != .classes else { throw TrainingError(.data, "classes must be integers, not \(y)") }
      let numbers = y.floats
      (self.target, classes, values) = (target ?? .values, [], numbers)
      let columns = y.elementCount / x.shape[0]
      let isLabels = target == .distribution || numbers.allSatisfy { $0 == 0 || $0 == 1 }
      classCounts =
        !isLabels
        ? nil
        : (0..<columns).map { column in
          stride(from: column, to: numbers.count, by: columns).count { numbers[$0] >= 0.5 }
        }
    } else {
      let labels = y.integers
      let count = classCount ?? (labels.max() ?? 0) + 1
      guard y.elementCount == sampleCount, target == nil || target == .classes else {
        throw TrainingError(.data, "classes must be N, not \(y.shape)")
      }
      if let wrong = labels.first(where: { $0 < 0 || $0 >= count }) {
        throw TrainingError(.data, "the class \(wrong) is not in 0..<\(count)")
      }
      (self.target, classes, values) = (.classes, labels.map(Int64.init), [])
      classCounts = labels.reduce(into: [Int](repeating: 0, count: count)) { $0[$1] += 1 }
    }
    start(seed: 0, epoch: 0, batch: 0)
  }

  public var batchesPerEpoch: Int { (sampleCount + batchSize - 1) / batchSize }

  public func start(seed: UInt64, epoch: Int, batch: Int) {
    permutation = Array(0..<sampleCount)
    self.batch = batch
    guard order == .shuffled else { return }
    // Fisher–Yates; the numbers of one Philox stream each.
    let random = Philox(seed: seed)
    for index in stride(from: sampleCount - 1, to: 0, by: -1) {
      let bits = random.block(
        UInt32(truncatingIfNeeded: index), Self.site, 0, UInt32(truncatingIfNeeded: epoch))
      permutation.swapAt(index, Int((UInt64(bits[0]) * UInt64(index + 1)) >> 32))
    }
  }

  public func next(into buffers: BatchBuffers) throws(TrainingError) -> [Int]? {
    guard batch < batchesPerEpoch else { return nil }
    let first = batch * batchSize
    let count = order == .shuffled ? batchSize : min(batchSize, sampleCount - first)
    let samples = (0..<count).map { permutation[(first + $0) % sampleCount] }
    let (length, width) = (x.count / sampleCount, values.count / sampleCount)
    guard buffers.input.count >= batchSize * length,
      target == .classes ? buffers.classes.count >= batchSize : buffers.targets.count == batchSize * width
    else {
      throw TrainingError(
        .data, "targets of \(width) numbers for a network that gives \(buffers.targets.count / batchSize)",
        remedy: "make the last layer as wide as the targets")
    }
    for (row, sample) in samples.enumerated() {
      for index in 0..<length { buffers.input[row * length + index] = x[sample * length + index] }
      if target == .classes {
        buffers.classes[row] = classes[sample]
      } else {
        for index in 0..<width { buffers.targets[row * width + index] = values[sample * width + index] }
      }
    }
    batch += 1
    return samples
  }

  /// Tells these random numbers from others of the same seed.
  private static let site: UInt32 = 0x5EED_0001
}
