public import VisionSystem
public import VisionTensor

/// In-memory samples: the rows of a tensor, each with a label or values.
public struct TensorBatchSource: BatchSource {
  /// The targets of the rows.
  public enum Targets: Sendable {
    /// A class in 0..<classes for each row.
    case labels([Int], classes: Int)
    /// Values of a regression, N×K.
    case values(Tensor)
    /// Probabilities of classes, or which of several labels apply, N×K.
    case distribution(Tensor)
  }

  private let inputs: Tensor
  private let labels: [Int]
  private let values: Tensor?
  public let targetCount: Int
  public let target: BatchTarget

  /// Creates a source with N rows; inputs of other types are converted to float32.
  ///
  /// - Throws: `TrainingError` with code `shape` when the numbers of rows differ or are zero, and `label` for
  ///   a label outside 0..<classes.
  public init(_ inputs: Tensor, _ targets: Targets) throws(TrainingError) {
    guard inputs.shape.rank >= 1, inputs.elementCount > 0 else {
      throw TrainingError(.shape, "inputs \(inputs.shape) have no rows")
    }
    self.inputs = inputs.converted(to: .float32)
    let rows: Int
    switch targets {
    case .labels(let labels, let classes):
      if let index = labels.firstIndex(where: { !(0..<classes).contains($0) }) {
        throw TrainingError(
          .label, "the label \(labels[index]) is not in 0..<\(classes)", place: "row \(index)")
      }
      (self.labels, values, targetCount, rows) = (labels, nil, classes, labels.count)
      target = .classes
    case .values(let values), .distribution(let values):
      if case .values = targets { target = .values } else { target = .distribution }
      guard values.shape.rank >= 1, values.elementCount > 0 else {
        throw TrainingError(.shape, "targets \(values.shape) have no rows")
      }
      (labels, self.values) = ([], values.converted(to: .float32))
      (rows, targetCount) = (values.shape[0], values.elementCount / values.shape[0])
    }
    guard rows == inputs.shape[0] else {
      throw TrainingError(.shape, "\(inputs.shape[0]) inputs have \(rows) targets")
    }
  }

  public var count: Int { inputs.shape[0] }
  public var sampleShape: Shape { Shape(Array(inputs.shape.dropFirst())) }
  public var hasTargets: Bool { values != nil }

  public func label(of sample: Int) -> Int { values == nil ? labels[sample] : 0 }

  public func writeTarget(of sample: Int, into target: UnsafeMutableBufferPointer<Float>) {
    if let values {
      Self.copy(sample, of: values, into: target)
    } else {
      target.update(repeating: 0)
      target[labels[sample]] = 1
    }
  }

  public func makeReader(seed: UInt64) -> any SampleReader { Reader(inputs) }

  private static func copy(_ row: Int, of tensor: Tensor, into target: UnsafeMutableBufferPointer<Float>) {
    tensor.withUnsafeBytes { bytes in
      let start = row * target.count * 4
      UnsafeMutableRawBufferPointer(target).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + target.count * 4]))
    }
  }

  private final class Reader: SampleReader {
    private let inputs: Tensor
    init(_ inputs: Tensor) { self.inputs = inputs }

    func read(_ sample: Int, epoch: Int, into input: UnsafeMutableBufferPointer<Float>) {
      TensorBatchSource.copy(sample, of: inputs, into: input)
    }
  }
}
