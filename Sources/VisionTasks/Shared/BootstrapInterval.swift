import VisionSystem
import VisionTensor

/// The interval in which 95 of 100 values lie that a measure has on images drawn with repetition.
public struct BootstrapInterval: Sendable, Hashable, Codable {
  public let low: Double
  public let high: Double

  /// The 2.5th and the 97.5th percentile, interpolated as NumPy does by default; nil without values.
  init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    (low, high) = (Self.percentile(0.025, of: sorted), Self.percentile(0.975, of: sorted))
  }

  private static func percentile(_ part: Double, of sorted: [Double]) -> Double {
    let place = part * Double(sorted.count - 1)
    let index = min(Int(saturating: place), sorted.count - 1)
    let next = min(index + 1, sorted.count - 1)
    return sorted[index] + (sorted[next] - sorted[index]) * (place - Double(index))
  }
}
