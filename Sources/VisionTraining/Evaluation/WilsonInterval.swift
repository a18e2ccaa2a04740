import VisionSystem
import VisionTensor

/// Where a share that was counted on n images really lies, 95 times in 100.
///
/// Wilson, "Probable inference, the law of succession, and statistical inference", JASA 1927.
public struct WilsonInterval: Sendable, Hashable {
  public let low: Double
  public let high: Double

  /// The interval of `count` out of `total`; 0...1 when there was nothing to count.
  public init(_ count: Int, of total: Int) {
    guard total > 0 else {
      (low, high) = (0, 1)
      return
    }
    let z = 1.959963984540054
    let (n, p) = (Double(total), Double(count) / Double(total))
    let middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    low = count == 0 ? 0 : max(0, middle - half)
    high = count == total ? 1 : min(1, middle + half)
  }

  /// The interval of a share that was counted on `total`.
  package init(_ part: Double, of total: Int) {
    self.init(Int(exactly: (part * Double(total)).rounded()) ?? 0, of: total)
  }

  /// How many digits after the point a percentage deserves: as many as leave one digit in doubt, and two at most. That is none
  /// where the interval is ten points wide or more, as with a few dozen images, and one down to a width of a point.
  package var places: Int {
    let width = high - low
    return width >= 0.1 ? 0 : width >= 0.01 ? 1 : 2
  }

  private init(low: Double, high: Double) { (self.low, self.high) = (low, high) }

  /// The interval of an ascending function of the share.
  func mapped(_ function: (Double) -> Double) -> WilsonInterval {
    WilsonInterval(low: function(low), high: function(high))
  }
}
