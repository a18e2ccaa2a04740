/// Conversions from floating-point numbers to integers. Swift's own `Int(x)` ends the process for NaN,
/// infinity and numbers out of range, which may come from files, options and networks.
/// `UncheckedConversion.swift` makes the compiler warn of such calls.
extension FixedWidthInteger {
  /// The number truncated toward zero; nil for NaN, infinity and numbers out of range.
  ///
  /// `Int(exactly:)` of the standard library is also nil for numbers with a fraction.
  @inlinable package init?(checked source: Double) {
    let whole = source.rounded(.towardZero)
    // Nearly all numbers are in this range; only those above Int64.max need the conversion through UInt64.
    if let integer = Int64(exactly: whole) {
      self.init(exactly: integer)
    } else if let integer = UInt64(exactly: whole) {
      self.init(exactly: integer)
    } else {
      return nil
    }
  }

  /// The number truncated toward zero; nil for NaN, infinity and numbers out of range.
  @inlinable package init?(checked source: Float) { self.init(checked: Double(source)) }

  /// The number truncated toward zero; the nearest integer in range for numbers out of range, including
  /// infinities; `nan` for NaN.
  @inlinable package init(saturating source: Double, nan: Self = 0) {
    if let integer = Self(checked: source) {
      self = integer
    } else {
      self = source.isNaN ? nan : source < 0 ? .min : .max
    }
  }

  /// The number truncated toward zero; the nearest integer in range for numbers out of range, including
  /// infinities; `nan` for NaN.
  @inlinable package init(saturating source: Float, nan: Self = 0) {
    self.init(saturating: Double(source), nan: nan)
  }
}

extension Duration {
  /// A duration in seconds, clamped to ±10⁹ seconds (32 years); zero for NaN.
  package static func seconds(saturating seconds: Double) -> Duration {
    let bounded = seconds.isNaN ? 0 : min(max(seconds, -1e9), 1e9)
    return .nanoseconds(Int64(saturating: (bounded * 1e9).rounded()))
  }
}
