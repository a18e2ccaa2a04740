import VisionSystem
import VisionTensor

/// Numbers formatted for people.
package enum Numeral {
  /// At most `digits` significant digits, such as `0.0312`, `1500` or `3e-05`.
  package static func significant(_ number: Double, _ digits: Int = 3) -> String {
    guard number.isFinite, number != 0 else { return number.isFinite ? "0" : "\(number)" }
    let exponent = Int(saturating: floor(log10(abs(number))))
    let places = digits - 1 - exponent
    // Larger powers of ten are not exact, and the number's shortest form is short enough.
    guard abs(places) <= 22 else { return trimmed("\(number)") }
    let factor = pow(10, Double(abs(places)))
    let rounded = places >= 0 ? (number * factor).rounded() / factor : (number / factor).rounded() * factor
    if abs(rounded) >= 1, abs(rounded) < 1e15, rounded == rounded.rounded() {
      return "\(Int(saturating: rounded))"
    }
    return trimmed("\(rounded)")
  }

  /// Exactly `places` decimals.
  package static func fixed(_ number: Double, _ places: Int) -> String {
    let factor = pow(10, Double(places))
    guard abs(number) < 1e15, let whole = Int(checked: (abs(number) * factor).rounded()),
      let unit = Int(checked: factor)
    else { return "\(number)" }
    var fraction = places > 0 ? "\(whole % unit)" : ""
    fraction = String(repeating: "0", count: places - fraction.count) + fraction
    let sign = number < 0 && whole > 0 ? "−" : ""
    return sign + "\(whole / unit)" + (places > 0 ? ".\(fraction)" : "")
  }

  /// For example `94.7 %`, with a no-break space. Gets more decimals if a fraction below 1 would round to 100
  /// or a fraction above 0 to 0.
  package static func percent(_ part: Double, _ places: Int) -> String {
    var places = places
    var text = fixed(part * 100, places)
    while places < 6, isOver(text, part) {
      places += 1
      text = fixed(part * 100, places)
    }
    return text + "\u{a0}%"
  }

  /// Whether rounding gives 0 or 100 for a fraction that is neither.
  private static func isOver(_ text: String, _ part: Double) -> Bool {
    (part > 0 && Double(text) == 0) || (part < 1 && Double(text) == 100)
  }

  /// For example `3.2 s`, `4 min 05 s` or `2 h 10 min`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e12 else { return "\(seconds) s" }
    if seconds < 60 { return "\(fixed(seconds, 1)) s" }
    let whole = Int(saturating: seconds.rounded())
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if whole < 3600 { return "\(whole / 60) min \(two(whole % 60)) s" }
    return "\(whole / 3600) h \(two(whole % 3600 / 60)) min"
  }

  /// The same with no-break spaces between numbers and their units: `11 min 01 s` can break only in the
  /// middle.
  package static func unbroken(_ duration: String) -> String {
    var text = ""
    var isUnit = true
    for character in duration {
      if character == " " {
        text += isUnit ? "\u{a0}" : " "
        isUnit.toggle()
      } else {
        text.append(character)
      }
    }
    return text
  }

  /// With narrow no-break spaces between groups of three digits, from five digits on: `12 345`.
  package static func count(_ number: Int) -> String {
    let digits = Array("\(abs(number))")
    var text = number < 0 ? "−" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0, digits.count > 4 { text += "\u{202f}" }
      text.append(digit)
    }
    return text
  }

  private static func trimmed(_ text: String) -> String {
    var text = text.replacing("e-0", with: "e-")
    if text.hasSuffix(".0") { text.removeLast(2) }
    return text.replacing(".0e", with: "e")
  }
}
