import VisionTasks
import VisionTraining
import VisionNet
import VisionSystem
import VisionTensor

/// Formats numbers for people.
enum Figures {
  static func rounded(_ number: Double, _ digits: Int) -> Double {
    var factor = 1.0
    for _ in 0..<digits { factor *= 10 }
    return (number * factor).rounded() / factor
  }

  /// For example `94.7 %`. A share below 1 is not written as 100, and one above 0 not as 0, up to six
  /// decimals.
  static func percent(_ part: Double, places: Int) -> String {
    var places = places
    var text = fixed(part * 100, places)
    while places < 6, (part > 0 && Double(text) == 0) || (part < 1 && Double(text) == 100) {
      places += 1
      text = fixed(part * 100, places)
    }
    return text + " %"
  }

  /// With as many decimals as the interval justifies.
  static func percent(_ part: Double, within interval: WilsonInterval) -> String {
    percent(part, places: interval.places)
  }

  /// A share of `total` images, with as many decimals as that number of images justifies.
  static func percent(_ part: Double, of total: Int) -> String {
    percent(part, within: WilsonInterval(part, of: total))
  }

  /// For example `94.7 % (93.0–96.1)`, or `89 % (67–97)` of few images.
  static func percent(_ part: Double, _ interval: WilsonInterval) -> String {
    let (low, high) = (
      fixed(interval.low * 100, interval.places), fixed(interval.high * 100, interval.places)
    )
    return "\(percent(part, within: interval)) (\(low)–\(high))"
  }

  /// For example `89 % (67–97), 16 of 18`.
  static func top1(_ metrics: ClassificationMetrics) -> String {
    "\(percent(metrics.top1, metrics.top1Interval)), \(metrics.right) of \(metrics.images)"
  }

  /// With `digits` decimals, for example `0.4300`; NaN and infinities as they are.
  static func fixed(_ number: Double, _ digits: Int) -> String {
    let rounded = rounded(number, digits)
    guard rounded.isFinite, abs(rounded) < 1e12 else { return "\(number)" }
    let text = "\(abs(rounded))"
    guard !text.contains("e") else { return "\(rounded)" }
    let parts = text.split(separator: ".")
    guard digits > 0 else { return (rounded < 0 ? "-" : "") + parts[0] }
    let fraction = parts.count > 1 ? String(parts[1].prefix(digits)) : ""
    return (rounded < 0 ? "-" : "") + parts[0] + "." + fraction
      + String(repeating: "0", count: digits - fraction.count)
  }

  /// With three significant digits, for example `0.00123` or `2.5e-07`.
  static func short(_ number: Double) -> String {
    guard number.isFinite, number != 0 else { return "\(number)" }
    let power = Int(saturating: log10(abs(number)).rounded(.down))
    guard (-6...6).contains(power) else {
      let factor = pow(10, Double(power))
      return
        "\(rounded(number / factor, 2))e\(power < 0 ? "-" : "+")\(abs(power) < 10 ? "0" : "")\(abs(power))"
    }
    if power >= 2 { return "\(Int(saturating: number.rounded()))" }
    var text = fixed(number, 2 - power)
    while text.hasSuffix("0") { text.removeLast() }
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  /// For example `45 s`, `12 min` or `3 h 05 min`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "a long time" }
    let seconds = Int(saturating: seconds.rounded(.up))
    if seconds < 100 { return "\(seconds) s" }
    let minutes = (seconds + 30) / 60
    if minutes < 100 { return "\(minutes) min" }
    return "\(minutes / 60) h \(minutes % 60 < 10 ? "0" : "")\(minutes % 60) min"
  }

  /// For example `11,181,642`.
  static func grouped(_ number: Int) -> String {
    let digits = Array(String(abs(number)))
    let groups = stride(from: digits.count % 3 - (digits.count % 3 == 0 ? 0 : 3), to: digits.count, by: 3)
      .map { String(digits[max($0, 0)..<$0 + 3]) }
    return (number < 0 ? "-" : "") + groups.joined(separator: ",")
  }

  /// For example `1.5 MiB`.
  static func bytes(_ bytes: Int) -> String { MachineMemory.text(bytes) }
}
