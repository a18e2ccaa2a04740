/// A measure of a network's quality, accumulated over batches.
///
/// A custom metric is a value type that conforms to this protocol:
///
/// ```swift
/// struct LargestError: Metric {
///   let name = "largest_error"
///   let prefersLarger = false
///   private var largest: Float = 0
///   mutating func add(_ batch: Predictions) {
///     for (p, t) in zip(batch.values, batch.targets) { largest = max(largest, abs(p - t)) }
///   }
///   var value: Double { Double(largest) }
/// }
/// ```
public protocol Metric: Sendable {
  /// The name in logs and tables, such as `top1`; unique among the metrics.
  var name: String { get }
  /// Whether larger values are better.
  var prefersLarger: Bool { get }
  /// Adds a batch.
  mutating func add(_ batch: Predictions)
  /// The metric over all added batches.
  var value: Double { get }
}

/// The predictions of a network for a batch, and the targets.
public struct Predictions: Sendable {
  /// N.
  public let rows: Int
  /// The outputs for one sample: K.
  public let columns: Int
  /// N×K, as the network outputs them: logits or values.
  public let values: [Float]
  /// N, if the targets are classes; else empty.
  public let classes: [Int]
  /// N×K, if the targets are not classes; else empty.
  public let targets: [Float]

  public init(rows: Int, columns: Int, values: [Float], classes: [Int] = [], targets: [Float] = []) {
    self.rows = rows
    self.columns = columns
    self.values = values
    self.classes = classes
    self.targets = targets
  }

  /// The outputs for one sample.
  public subscript(row row: Int) -> ArraySlice<Float> { values[row * columns..<(row + 1) * columns] }
}
