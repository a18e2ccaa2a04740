import VisionReport
import VisionTraining

extension Numeral {
  /// With as many digits as its interval deserves.
  static func percent(_ part: Double, within interval: WilsonInterval) -> String {
    percent(part, interval.places)
  }

  /// For example `93.0–96.1 %`, or `67–97 %` of few images.
  static func percent(_ interval: WilsonInterval) -> String {
    "\(fixed(interval.low * 100, interval.places))–\(fixed(interval.high * 100, interval.places))\u{a0}%"
  }
}
