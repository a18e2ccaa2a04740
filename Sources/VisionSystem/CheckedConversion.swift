/// How floating-point numbers become integers in VisionNet. Swift's own `Int(x)` ends the process for NaN, infinity and
/// whatever is out of range, and numbers come from files, options and networks; `UncheckedConversion.swift` makes the
/// compiler warn of it.
extension FixedWidthInteger {
  /// The integer that is left when the fraction is cut off; nil for NaN, infinity and what no `Self` holds.
  ///
  /// `Int(exactly:)`, of the standard library, refuses numbers with a fraction too.
  @inlinable package init?(checked source: Double) {
    let whole = source.rounded(.towardZero)
    // Nearly all numbers are in this range; the way through UInt64 is for the largest of that type alone.
    if let integer = Int64(exactly: whole) {
      self.init(exactly: integer)
    } else if let integer = UInt64(exactly: whole) {
      self.init(exactly: integer)
    } else {
      return nil
    }
  }

  /// The integer that is left when the fraction is cut off; nil for NaN, infinity and what no `Self` holds.
  @inlinable package init?(checked source: Float) { self.init(checked: Double(source)) }

  /// The integer that is left when the fraction is cut off, the nearest one that there is for numbers out of range
  /// (infinities too), and `nan` for NaN.
  @inlinable package init(saturating source: Double, nan: Self = 0) {
    if let integer = Self(checked: source) {
      self = integer
    } else {
      self = source.isNaN ? nan : source < 0 ? .min : .max
    }
  }

  /// The integer that is left when the fraction is cut off, the nearest one that there is for numbers out of range
  /// (infinities too), and `nan` for NaN.
  @inlinable package init(saturating source: Float, nan: Self = 0) {
    self.init(saturating: Double(source), nan: nan)
  }
}

extension Duration {
  /// A duration of so many seconds, at most a thousand million of them either way (32 years); none for NaN.
  package static func seconds(saturating seconds: Double) -> Duration {
    let bounded = seconds.isNaN ? 0 : min(max(seconds, -1e9), 1e9)
    return .nanoseconds(Int64(saturating: (bounded * 1e9).rounded()))
  }
}
