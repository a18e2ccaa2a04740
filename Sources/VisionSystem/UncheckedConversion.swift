// A lint rule that the compiler keeps: an integer made of a floating-point number with `Int(x)`, `UInt8(x)`, `.init(x)` …
// warns wherever this module is seen within the package, since a declaration of ours goes before the standard library's
// of the same signature; CI takes no warning. Whoever builds upon the package sees nothing of it.
//
// In generic code, where the integer's own type is a parameter, nothing is shadowed: a test looks for that.
//
// What is meant instead is one of `CheckedConversion.swift`, or `Int(exactly:)`. Should a warning be overlooked, the number
// saturates: nothing here ends the process.

extension FixedWidthInteger {
  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: some BinaryFloatingPoint) { self.init(saturating: Double(source)) }
}

extension Int {
  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Double) { self.init(saturating: source) }

  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Float) { self.init(saturating: source) }
}

extension Int8 {
  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Double) { self.init(saturating: source) }

  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Float) { self.init(saturating: source) }
}

extension Int16 {
  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Double) { self.init(saturating: source) }

  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Float) { self.init(saturating: source) }
}

extension Int32 {
  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Double) { self.init(saturating: source) }

  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Float) { self.init(saturating: source) }
}

extension Int64 {
  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Double) { self.init(saturating: source) }

  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Float) { self.init(saturating: source) }
}

extension UInt {
  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Double) { self.init(saturating: source) }

  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Float) { self.init(saturating: source) }
}

extension UInt8 {
  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Double) { self.init(saturating: source) }

  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Float) { self.init(saturating: source) }
}

extension UInt16 {
  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Double) { self.init(saturating: source) }

  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Float) { self.init(saturating: source) }
}

extension UInt32 {
  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Double) { self.init(saturating: source) }

  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Float) { self.init(saturating: source) }
}

extension UInt64 {
  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Double) { self.init(saturating: source) }

  @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
  package init(_ source: Float) { self.init(saturating: source) }
}

#if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
  extension Int {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float16) { self.init(saturating: Float(source)) }
  }

  extension Int8 {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float16) { self.init(saturating: Float(source)) }
  }

  extension Int16 {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float16) { self.init(saturating: Float(source)) }
  }

  extension Int32 {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float16) { self.init(saturating: Float(source)) }
  }

  extension Int64 {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float16) { self.init(saturating: Float(source)) }
  }

  extension UInt {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float16) { self.init(saturating: Float(source)) }
  }

  extension UInt8 {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float16) { self.init(saturating: Float(source)) }
  }

  extension UInt16 {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float16) { self.init(saturating: Float(source)) }
  }

  extension UInt32 {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float16) { self.init(saturating: Float(source)) }
  }

  extension UInt64 {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float16) { self.init(saturating: Float(source)) }
  }
#endif

#if arch(x86_64) && !os(Windows) && !os(Android)
  extension Int {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float80) { self.init(saturating: Double(source)) }
  }

  extension Int8 {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float80) { self.init(saturating: Double(source)) }
  }

  extension Int16 {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float80) { self.init(saturating: Double(source)) }
  }

  extension Int32 {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float80) { self.init(saturating: Double(source)) }
  }

  extension Int64 {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float80) { self.init(saturating: Double(source)) }
  }

  extension UInt {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float80) { self.init(saturating: Double(source)) }
  }

  extension UInt8 {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float80) { self.init(saturating: Double(source)) }
  }

  extension UInt16 {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float80) { self.init(saturating: Double(source)) }
  }

  extension UInt32 {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float80) { self.init(saturating: Double(source)) }
  }

  extension UInt64 {
    @available(*, deprecated, message: "traps for NaN and large numbers: use checked: or saturating:")
    package init(_ source: Float80) { self.init(saturating: Double(source)) }
  }
#endif

extension Duration {
  @available(*, deprecated, message: "traps for NaN and large numbers: use seconds(saturating:)")
  package static func seconds(_ seconds: Double) -> Duration { .seconds(saturating: seconds) }

  @available(*, deprecated, message: "traps for NaN and large numbers: use seconds(saturating:)")
  package static func milliseconds(_ milliseconds: Double) -> Duration {
    .seconds(saturating: milliseconds / 1e3)
  }

  @available(*, deprecated, message: "traps for NaN and large numbers: use seconds(saturating:)")
  package static func microseconds(_ microseconds: Double) -> Duration {
    .seconds(saturating: microseconds / 1e6)
  }

  @available(*, deprecated, message: "traps for NaN and large numbers: use seconds(saturating:)")
  package static func nanoseconds(_ nanoseconds: Double) -> Duration {
    .seconds(saturating: nanoseconds / 1e9)
  }
}
