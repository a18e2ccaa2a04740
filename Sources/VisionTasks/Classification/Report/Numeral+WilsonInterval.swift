import VisionReport
import VisionTraining

extension Numeral {
  /// A percentage with as many digits as the width of its interval justifies.
  static func percent(_ part: Double, within interval: WilsonInterval) -> String {
    percent(part, interval.places)
  }

  /// An interval in percent, such as `93.0–96.1 %`, or `67–97 %` for few images.
  static func percent(_ interval: WilsonInterval) -> String {
    "\(fixed(interval.low * 100, interval.places))–\(fixed(interval.high * 100, interval.places))\u{a0}%"
  }
}
