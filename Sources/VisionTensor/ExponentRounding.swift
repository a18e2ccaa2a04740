import VisionSystem

/// How numbers become powers of two: the element type `float8e8m0`, whose codes 0...254 mean 2⁻¹²⁷...2¹²⁷ and 255 NaN.
public enum ExponentRounding: String, Sendable, Hashable {
  /// To the next power that is not smaller.
  case up
  /// To the next power that is not larger.
  case down
  /// To the nearest power; a number in the middle of two becomes the larger one.
  case nearest

  /// The number that a code means.
  static func number(_ code: UInt8) -> Double {
    code == 255 ? .nan : Double(sign: .plus, exponent: Int(code) - 127, significand: 1)
  }

  /// The code of a number. Negative numbers, which the type lacks, become NaN.
  ///
  /// - Parameter saturates: whether 0, numbers that are too small or too large, and infinity become the nearest
  ///   power; otherwise they become NaN.
  func code(_ number: Double, saturates: Bool) -> UInt8 {
    if number.isNaN || number < 0 { return 255 }
    if number < 0x1p-127 { return saturates ? 0 : 255 }
    if number.isInfinite { return saturates ? 254 : 255 }
    let significand = number.significand
    let isHigher =
      switch self {
      case .up: significand > 1
      case .down: false
      case .nearest: significand >= 1.5
      }
    let code = Int(number.exponent) + 127 + (isHigher ? 1 : 0)
    return code > 254 ? (saturates ? 254 : 255) : UInt8(code)
  }
}
