import Testing
import VisionSystem

@Suite struct CheckedConversionTests {
  private static let strange: [Double] = [
    .nan, -.nan, .signalingNaN, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
    3e38,
    -3e38, 0x1p63, -0x1p64, 1e20,
  ]

  private func check<I: FixedWidthInteger>(_: I.Type) {
    for number in Self.strange {
      let fits = number == 0x1p63 && I.max.trailingZeroBitCount == 0 && UInt64(I.max) > 1 << 63
      #expect((I(checked: number) == nil) == !fits, "\(I.self) \(number)")
      let bound: I = number.isNaN ? 0 : number < 0 ? .min : .max
      #expect(I(saturating: number) == (fits ? I(exactly: UInt64(1) << 63) : bound), "\(I.self) \(number)")
      #expect(I(saturating: Float(number)) == (fits ? I(exactly: UInt64(1) << 63) : bound))
    }
    #expect(I(saturating: Double.nan, nan: 7) == 7)
    #expect(I(saturating: Float.nan, nan: 7) == 7)
    #expect(I(checked: 41.99) == 41)
    #expect(I(checked: Float(41.99)) == 41)
    #expect(I(checked: -0.99) == 0)
    // Both ends, and what lies just beyond them.
    let (low, high) = (Double(I.min), Double(I.max))
    #expect(I(checked: low) == .min)
    #expect(I(checked: low - 1 - abs(low) * 0x1p-52) == nil)
    if I.bitWidth < 64 {
      #expect(I(checked: high + 0.999) == .max)
    } else {
      // The largest integer is no Double: what it rounds to is too large.
      #expect(I(checked: high) == nil)
      #expect(I(checked: high.nextDown) == I(exactly: high.nextDown))
    }
    #expect(I(checked: (high + 1).nextUp) == nil)
  }

  @Test func numbersOutOfRangeAreNoneOrTheNearest() {
    check(Int.self)
    check(Int8.self)
    check(Int16.self)
    check(Int32.self)
    check(Int64.self)
    check(UInt.self)
    check(UInt8.self)
    check(UInt16.self)
    check(UInt32.self)
    check(UInt64.self)
  }

  @Test func negativesCutOffTowardsZero() {
    #expect(Int(checked: -41.99) == -41)
    #expect(Int8(checked: -128.9) == -128)
    #expect(Int8(checked: -129.0) == nil)
    #expect(UInt8(checked: -1.0) == nil)
    #expect(UInt8(saturating: -1.0) == 0)
  }

  @Test func durationsAreBounded() {
    #expect(Duration.seconds(saturating: 1.5) == .milliseconds(1500))
    #expect(Duration.seconds(saturating: .nan) == .zero)
    #expect(Duration.seconds(saturating: .infinity) == .seconds(1_000_000_000))
    #expect(Duration.seconds(saturating: -1e300) == .seconds(-1_000_000_000))
  }
}
