// A lint rule enforced by the compiler: converting a floating-point number to an integer with `Int(x)`,
// `UInt8(x)`, `.init(x)` … gives a warning wherever this module is visible within the package, since these
// declarations take precedence over those of the standard library with the same signature. CI accepts no
// warnings. Clients of the package are not affected.
//
// In generic code, where the integer type is a parameter, nothing is shadowed; a test looks for such code.
//
// Use the conversions of `CheckedConversion.swift`, or `Int(exactly:)`, instead. If a warning is overlooked,
// the number saturates: nothing here ends the process.

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
