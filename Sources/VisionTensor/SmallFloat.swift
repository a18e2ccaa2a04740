import VisionSystem

/// The formats of floating-point numbers of 8 and 4 bits with a sign, as ONNX defines them; the code that handles their bits.
///
/// Sources: "FP8 Formats for Deep Learning" (Micikevicius et al. 2022), "8-bit Numerical Formats for Deep Neural
/// Networks" (Noune et al. 2022), OCP Microscaling Formats 1.0.
struct SmallFloat {
  /// Which codes are no finite numbers.
  private enum Special {
    /// Infinities and NaN as in IEEE 754.
    case ieee
    /// All bits after the sign set is NaN; no infinities.
    case allOnes
    /// The code of -0 is NaN; no infinities.
    case negativeZero
    /// Every code is a number.
    case none
  }

  private let fractionBits: Int
  private let bias: Int
  /// The number of bits, with the sign.
  private let width: Int
  private let special: Special

  static let e4m3fn = SmallFloat(fractionBits: 3, bias: 7, width: 8, special: .allOnes)
  static let e4m3fnuz = SmallFloat(fractionBits: 3, bias: 8, width: 8, special: .negativeZero)
  static let e5m2 = SmallFloat(fractionBits: 2, bias: 15, width: 8, special: .ieee)
  static let e5m2fnuz = SmallFloat(fractionBits: 2, bias: 16, width: 8, special: .negativeZero)
  static let e2m1 = SmallFloat(fractionBits: 1, bias: 1, width: 4, special: .none)

  private var signBit: UInt8 { 1 << (width - 1) }

  /// The code of the largest number.
  private var largest: UInt8 {
    switch special {
    case .ieee: signBit - 1 - (1 << fractionBits)
    case .allOnes: signBit - 2
    case .negativeZero, .none: signBit - 1
    }
  }

  /// The number that a code means; exact.
  func number(_ code: UInt8) -> Double {
    let magnitude = code & (signBit - 1)
    let isNegative = code & signBit != 0
    if special == .negativeZero, isNegative, magnitude == 0 { return .nan }
    if magnitude > largest {
      let isInfinite = special == .ieee && magnitude == largest + 1
      let value = isInfinite ? Double.infinity : .nan
      return isNegative ? -value : value
    }
    let fraction = Double(magnitude & (1 << fractionBits - 1))
    let exponent = Int(magnitude >> fractionBits)
    let scale = Double(sign: .plus, exponent: max(exponent, 1) - bias - fractionBits, significand: 1)
    let value = (fraction + (exponent == 0 ? 0 : Double(1 << fractionBits))) * scale
    return isNegative ? -value : value
  }

  /// The code of a number, rounded once, to nearest, ties to even.
  ///
  /// - Parameter saturates: whether numbers that are too large, and infinities, become the largest number;
  ///   otherwise they become infinities where there are some, else NaN. Formats without either always saturate.
  func code(_ number: Double, saturates: Bool) -> UInt8 {
    let sign = number.sign == .minus ? signBit : 0
    if number.isNaN { return nan(sign) }
    let magnitude = number.magnitude
    if magnitude.isInfinite { return overflow(sign, saturates) }
    let exponent = max(magnitude == 0 ? 1 - bias : Int(magnitude.exponent), 1 - bias)
    // The distance of neighbors; a quotient that is rounded up to the next power of two stays right.
    let step = Double(sign: .plus, exponent: exponent - fractionBits, significand: 1)
    let steps = (magnitude / step).rounded(.toNearestOrEven)
    let code = Int(saturating: steps) + (exponent + bias - 1) << fractionBits
    if code > Int(largest) { return overflow(sign, saturates) }
    return code == 0 && special == .negativeZero ? 0 : sign | UInt8(code)
  }

  private func nan(_ sign: UInt8) -> UInt8 {
    switch special {
    case .ieee: sign | (largest + 1) | 1 << (fractionBits - 1)
    case .allOnes: sign | (signBit - 1)
    case .negativeZero: signBit
    // There is no NaN; it becomes the zero of the other sign, as in ml_dtypes.
    case .none: sign ^ signBit
    }
  }

  private func overflow(_ sign: UInt8, _ saturates: Bool) -> UInt8 {
    if saturates || special == .none { return sign | largest }
    return special == .ieee ? sign | (largest + 1) : nan(sign)
  }
}
