/// The part of the samples whose class is among the k most likely ones. Ties are ranked by class index, and
/// samples whose logits are not all finite count as wrong.
///
/// If the targets are probabilities, the most likely class of a target is the true one.
public struct TopAccuracy: Metric {
  /// At least 1.
  public let count: Int
  private var right = 0
  private var rows = 0

  public init(_ count: Int = 1) { self.count = count }

  public var name: String { "top\(count)" }
  public var prefersLarger: Bool { true }

  public mutating func add(_ batch: Predictions) {
    for row in 0..<batch.rows {
      let logits = batch[row: row]
      let label =
        batch.classes.isEmpty
        ? Self.largest(batch.targets[row * batch.columns..<(row + 1) * batch.columns]) : batch.classes[row]
      guard label < batch.columns, logits.allSatisfy(\.isFinite) else { continue }
      let own = logits[logits.startIndex + label]
      let rank = logits.enumerated().count { $1 > own || ($1 == own && $0 < label) }
      right += rank < count ? 1 : 0
    }
    rows += batch.rows
  }

  public var value: Double { rows > 0 ? Double(right) / Double(rows) : 0 }

  private static func largest(_ numbers: ArraySlice<Float>) -> Int {
    (numbers.indices.max { (numbers[$0], -$0) < (numbers[$1], -$1) } ?? numbers.startIndex)
      - numbers.startIndex
  }
}
