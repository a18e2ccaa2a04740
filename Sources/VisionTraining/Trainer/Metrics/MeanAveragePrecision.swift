/// For samples with several labels: the mean average precision over the labels. The average precision of a
/// label is the mean of the precisions at each sample that has it, with the samples sorted by its logit.
/// Labels that no sample has do not count.
///
/// Tied samples have the precision at the last of them, as in scikit-learn. If any logit is NaN, the metric
/// is NaN.
public struct MeanAveragePrecision: Metric {
  public let name = "map"
  public let prefersLarger = true
  private var columns: [[(score: Float, isTrue: Bool)]] = []

  public init() {}

  public mutating func add(_ batch: Predictions) {
    if columns.isEmpty { columns = Array(repeating: [], count: batch.columns) }
    for row in 0..<batch.rows {
      for column in 0..<batch.columns {
        let place = row * batch.columns + column
        columns[column].append((batch.values[place], batch.targets[place] >= 0.5))
      }
    }
  }

  public var value: Double {
    let precisions = columns.compactMap(Self.averagePrecision)
    return precisions.isEmpty ? 0 : precisions.reduce(0, +) / Double(precisions.count)
  }

  private static func averagePrecision(_ entries: [(score: Float, isTrue: Bool)]) -> Double? {
    guard !entries.contains(where: \.score.isNaN) else { return .nan }
    let sorted = entries.sorted { $0.score > $1.score }
    let total = sorted.count(where: \.isTrue)
    guard total > 0 else { return nil }
    var (found, sum, first) = (0, 0.0, 0)
    while first < sorted.count {
      let end = sorted[first...].firstIndex { $0.score != sorted[first].score } ?? sorted.count
      let new = sorted[first..<end].count(where: \.isTrue)
      found += new
      sum += Double(new) * Double(found) / Double(end)
      first = end
    }
    return sum / Double(total)
  }
}
