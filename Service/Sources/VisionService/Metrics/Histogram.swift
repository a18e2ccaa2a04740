/// Counts of values below limits, as Prometheus has them.
struct Histogram: Sendable {
  let limits: [Double]
  private(set) var counts: [Int]
  private(set) var count = 0
  private(set) var sum = 0.0

  init(_ limits: [Double]) { (self.limits, counts) = (limits, limits.map { _ in 0 }) }

  mutating func add(_ value: Double) {
    count += 1
    sum += value
    if let index = limits.firstIndex(where: { value <= $0 }) { counts[index] += 1 }
  }

  static let seconds = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]
  static let images: [Double] = [1, 2, 4, 8, 16, 32]

  /// The lines of a metric: cumulative counts, sum and count.
  func lines(_ name: String, _ labels: String) -> String {
    var (text, below) = ("", 0)
    let comma = labels.isEmpty ? "" : ","
    for (limit, count) in zip(limits, counts) {
      below += count
      text += "\(name)_bucket{\(labels)\(comma)le=\"\(limit)\"} \(below)\n"
    }
    let braces = labels.isEmpty ? "" : "{\(labels)}"
    return text + "\(name)_bucket{\(labels)\(comma)le=\"+Inf\"} \(count)\n\(name)_sum\(braces) \(sum)\n"
      + "\(name)_count\(braces) \(count)\n"
  }
}
