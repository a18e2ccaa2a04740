import VisionSystem
import VisionTensor

/// The 95 % confidence interval of a share that was counted on n images.
///
/// Wilson, "Probable inference, the law of succession, and statistical inference", JASA 1927.
public struct WilsonInterval: Sendable, Hashable {
  public let low: Double
  public let high: Double

  /// The interval of `count` out of `total`; 0...1 when `total` is 0.
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

  /// How many decimal places of a percentage are meaningful: none where the interval is at least ten
  /// percentage points wide, as with a few dozen images; one where it is at least one point wide; else two.
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
