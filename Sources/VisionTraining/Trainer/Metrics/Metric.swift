/// A number that says how good a network is, summed up over batches.
///
/// A metric of one's own is a value type that implements this:
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
  /// Whether more is better.
  var prefersLarger: Bool { get }
  /// Counts a batch.
  mutating func add(_ batch: Predictions)
  /// The metric over all batches that were counted.
  var value: Double { get }
}

/// What a network says about a batch, and what is true.
public struct Predictions: Sendable {
  /// N.
  public let rows: Int
  /// The outputs for one sample: K.
  public let columns: Int
  /// N×K, as the network gives them: logits, or values.
  public let values: [Float]
  /// N, where the target is classes.
  public let classes: [Int]
  /// N×K, where it is not.
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
