public import VisionSystem
public import VisionTensor

/// Samples in memory: the rows of a tensor, each with a label or with values.
public struct TensorSamples: TensorSource {
  /// What the rows should give.
  public enum Targets: Sendable {
    /// A class in 0..<classes for each row.
    case labels([Int], classes: Int)
    /// N×… numbers that the network should give: values of a regression.
    case values(Tensor)
    /// N×K probabilities of classes, or which of several labels apply.
    case distribution(Tensor)
  }

  public let specs: [TensorSpec]
  public let target: BatchTarget
  public let classCounts: [Int]?
  public var isInMemory: Bool { true }
  private let inputs: Tensor
  /// Of int64 where they are classes, and else of float32.
  private let targets: Tensor

  /// Takes N rows; inputs of another type become float32. Values that are all zeros and ones count as labels.
  ///
  /// - Throws: `TrainingError` with code `shape` when the numbers of rows differ or there are none, and `label` for a
  ///   label outside 0..<classes.
  public init(_ inputs: Tensor, _ targets: Targets) throws(TrainingError) {
    guard inputs.shape.rank >= 1, inputs.elementCount > 0 else {
      throw TrainingError(.shape, "inputs \(inputs.shape) have no rows")
    }
    self.inputs = inputs.converted(to: .float32)
    let last: TensorSpec
    switch targets {
    case .labels(let labels, let classes):
      if let index = labels.firstIndex(where: { !(0..<classes).contains($0) }) {
        throw TrainingError(
          .label, "the label \(labels[index]) is not in 0..<\(classes)", place: "row \(index)")
      }
      (self.targets, target) = (Tensor(labels.map(Int64.init)), .classes)
      classCounts = labels.reduce(into: [Int](repeating: 0, count: classes)) { $0[$1] += 1 }
      last = TensorSpec(name: "target", type: .int64, shape: [], mixing: .classes(classes))
    case .values(let values), .distribution(let values):
      guard values.shape.rank >= 1, values.elementCount > 0 else {
        throw TrainingError(.shape, "targets \(values.shape) have no rows")
      }
      if case .values = targets { target = .values } else { target = .distribution }
      self.targets = values.converted(to: .float32)
      classCounts = Self.counts(self.targets, areShares: target == .distribution)
      last = TensorSpec(
        name: "target", shape: values.shape.dropFirst().map { .fixed($0) }, mixing: .linear)
    }
    guard self.targets.shape[0] == inputs.shape[0] else {
      throw TrainingError(.shape, "\(inputs.shape[0]) inputs have \(self.targets.shape[0]) targets")
    }
    let input = inputs.shape.dropFirst().map { TensorSpec.Extent.fixed($0) }
    specs = [TensorSpec(name: "input", shape: input, mixing: .linear), last]
  }

  /// Takes classes, or numbers that the network's output is compared with.
  ///
  /// - Parameters:
  ///   - x: N×…, N at least 1; other types become float32.
  ///   - y: classes, integers N in 0..<`classCount`; or floats N×….
  ///   - target: how floats are meant: `.values`, or `.distribution` for probabilities of classes.
  ///   - classCount: K; nil takes the largest class.
  /// - Throws: `TrainingError` with code `data` when x and y do not fit together.
  public init(_ x: Tensor, _ y: Tensor, target: BatchTarget? = nil, classCount: Int? = nil)
    throws(TrainingError)
  {
    guard x.shape.rank >= 2, x.shape[0] > 0, y.shape.rank >= 1, y.shape[0] == x.shape[0] else {
      throw TrainingError(
        .data, "inputs \(x.shape) and targets \(y.shape) must both begin with N, at least 1")
    }
    guard !y.elementType.isFloatingPoint else {
      guard target != .classes else { throw TrainingError(.data, "classes must be integers, not \(y)") }
      try self.init(x, target == .distribution ? .distribution(y) : .values(y))
      return
    }
    let labels = y.integers
    let count = classCount ?? (labels.max() ?? 0) + 1
    guard y.elementCount == x.shape[0], target == nil || target == .classes else {
      throw TrainingError(.data, "classes must be N, not \(y.shape)")
    }
    if let wrong = labels.first(where: { $0 < 0 || $0 >= count }) {
      throw TrainingError(.data, "the class \(wrong) is not in 0..<\(count)")
    }
    try self.init(x, .labels(labels, classes: count))
  }

  /// How many samples each column applies to; nil for values that are more than yes and no.
  private static func counts(_ targets: Tensor, areShares: Bool) -> [Int]? {
    let numbers = targets.floats
    guard areShares || numbers.allSatisfy({ $0 == 0 || $0 == 1 }) else { return nil }
    let columns = numbers.count / targets.shape[0]
    return (0..<columns).map { column in
      stride(from: column, to: numbers.count, by: columns).count { numbers[$0] >= 0.5 }
    }
  }

  public var count: Int { inputs.shape[0] }

  public func makeReader(seed: UInt64) -> any TensorReader { Reader(inputs, targets) }

  private final class Reader: TensorReader {
    private let tensors: [Tensor]
    init(_ inputs: Tensor, _ targets: Tensor) { tensors = [inputs, targets] }

    func read(_ sample: Int, epoch: Int, into slots: borrowing TensorSlots) {
      for (index, tensor) in tensors.enumerated() {
        let row = slots.bytes(index)
        tensor.withUnsafeBytes { bytes in
          row.copyMemory(
            from: UnsafeRawBufferPointer(rebasing: bytes[sample * row.count..<(sample + 1) * row.count]))
        }
      }
    }
  }
}
