import VisionNet

/// Numbers for people.
enum Figures {
  static func rounded(_ number: Double, _ digits: Int) -> Double {
    var factor = 1.0
    for _ in 0..<digits { factor *= 10 }
    return (number * factor).rounded() / factor
  }

  /// For example `94.75 %`.
  static func percent(_ part: Double) -> String {
    let hundredths = Int((part * 10000).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) %"
  }

  /// For example `94.75 % (92.97–96.10)`.
  static func percent(_ part: Double, _ interval: WilsonInterval) -> String {
    "\(percent(part)) (\(percent(interval.low).dropLast(2))–\(percent(interval.high).dropLast(2)))"
  }
}
