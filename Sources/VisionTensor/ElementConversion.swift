import VisionSystem

/// Conversion between element types; the only code that handles the bits of 16-bit floats.
/// `SmallFloat` and `ExponentRounding` handle those of smaller ones.
package enum ElementConversion {
  /// Reads every element as `Double`.
  static func loadDoubles(_ bytes: UnsafeRawBufferPointer, as type: ElementType) -> [Double] {
    switch type {
    case .float32: load(bytes, Float.self) { Double($0) }
    case .float64: load(bytes, Double.self) { $0 }
    case .float16: load(bytes, UInt16.self) { Double(float(fromHalf: $0)) }
    case .bfloat16: load(bytes, UInt16.self) { Double(Float(bitPattern: UInt32($0) << 16)) }
    case .float8e8m0: load(bytes, UInt8.self) { ExponentRounding.number($0) }
    case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float4e2m1:
      small(type).map { format in load(bytes, UInt8.self) { format.number($0) } } ?? []
    case .int8, .int4: load(bytes, Int8.self) { Double($0) }
    case .int16: load(bytes, Int16.self) { Double($0) }
    case .int32: load(bytes, Int32.self) { Double($0) }
    case .int64: load(bytes, Int64.self) { Double($0) }
    case .uint8, .uint4: load(bytes, UInt8.self) { Double($0) }
    case .uint16: load(bytes, UInt16.self) { Double($0) }
    case .uint32: load(bytes, UInt32.self) { Double($0) }
    case .uint64: load(bytes, UInt64.self) { Double($0) }
    case .bool: load(bytes, UInt8.self) { $0 == 0 ? 0 : 1 }
    }
  }

  /// Reads every element as `Int`, truncating fractions and saturating.
  static func loadIntegers(_ bytes: UnsafeRawBufferPointer, as type: ElementType) -> [Int] {
    if type.isFloatingPoint { return loadDoubles(bytes, as: type).map { Int(saturating: $0) } }
    return switch type {
    case .int8, .int4: load(bytes, Int8.self) { Int($0) }
    case .int16: load(bytes, Int16.self) { Int($0) }
    case .int32: load(bytes, Int32.self) { Int($0) }
    case .int64: load(bytes, Int64.self) { Int($0) }
    case .uint8, .uint4: load(bytes, UInt8.self) { Int($0) }
    case .uint16: load(bytes, UInt16.self) { Int($0) }
    case .uint32: load(bytes, UInt32.self) { Int($0) }
    case .uint64: load(bytes, UInt64.self) { Int(clamping: $0) }
    default: load(bytes, UInt8.self) { $0 == 0 ? 0 : 1 }
    }
  }

  /// The format of a floating-point type of 8 or 4 bits with a sign.
  private static func small(_ type: ElementType) -> SmallFloat? {
    switch type {
    case .float8e4m3fn: .e4m3fn
    case .float8e4m3fnuz: .e4m3fnuz
    case .float8e5m2: .e5m2
    case .float8e5m2fnuz: .e5m2fnuz
    case .float4e2m1: .e2m1
    default: nil
    }
  }

  /// Writes numbers as elements of a floating-point type of 8 or 4 bits, rounded to nearest.
  ///
  /// - Parameters:
  ///   - saturates: whether numbers out of range become the nearest number of the type; otherwise they become
  ///     infinities or NaN, where the type has them.
  ///   - rounding: how numbers become powers of two.
  package static func store(
    _ numbers: [Double], asSmall type: ElementType, saturates: Bool, rounding: ExponentRounding,
    into bytes: UnsafeMutableRawBufferPointer
  ) {
    if let format = small(type) {
      store(numbers, bytes) { format.code($0, saturates: saturates) }
    } else {
      store(numbers, bytes) { rounding.code($0, saturates: saturates) }
    }
  }

  /// Writes numbers as elements of `type`.
  static func store(_ numbers: [Double], as type: ElementType, into bytes: UnsafeMutableRawBufferPointer) {
    switch type {
    case .float32: store(numbers, bytes) { Float($0) }
    case .float64: store(numbers, bytes) { $0 }
    case .float16: store(numbers, bytes) { half(from: $0) }
    case .bfloat16: store(numbers, bytes) { brain(from: $0) }
    case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0, .float4e2m1:
      store(numbers, asSmall: type, saturates: true, rounding: .up, into: bytes)
    case .bool: store(numbers, bytes) { UInt8($0 != 0 ? 1 : 0) }
    default: store(numbers.map { Int(saturating: $0) }, as: type, into: bytes)
    }
  }

  /// Writes integers as elements of `type`, saturating.
  package static func store(_ numbers: [Int], as type: ElementType, into bytes: UnsafeMutableRawBufferPointer)
  {
    if type.isFloatingPoint { return store(numbers.map { Double($0) }, as: type, into: bytes) }
    switch type {
    case .int4: store(numbers, bytes) { Int8(min(max($0, -8), 7)) }
    case .uint4: store(numbers, bytes) { UInt8(min(max($0, 0), 15)) }
    case .int8: store(numbers, bytes) { Int8(clamping: $0) }
    case .int16: store(numbers, bytes) { Int16(clamping: $0) }
    case .int32: store(numbers, bytes) { Int32(clamping: $0) }
    case .int64: store(numbers, bytes) { Int64($0) }
    case .uint8: store(numbers, bytes) { UInt8(clamping: $0) }
    case .uint16: store(numbers, bytes) { UInt16(clamping: $0) }
    case .uint32: store(numbers, bytes) { UInt32(clamping: $0) }
    case .uint64: store(numbers, bytes) { UInt64(clamping: $0) }
    default: store(numbers, bytes) { UInt8($0 != 0 ? 1 : 0) }
    }
  }

  /// IEEE binary16 to binary32; exact.
  package static func float(fromHalf bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1F
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      return sign == 0 ? magnitude : -magnitude
    case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  /// To IEEE binary16, rounded once, to nearest, ties to even.
  package static func half(from number: Double) -> UInt16 {
    let sign: UInt16 = number.sign == .minus ? 0x8000 : 0
    let magnitude = number.magnitude
    if number.isNaN { return sign | 0x7E00 }
    if magnitude >= 65520 { return sign | 0x7C00 }
    if magnitude < 0x1p-14 {
      return sign | UInt16(saturating: (magnitude * 0x1p24).rounded(.toNearestOrEven))
    }
    let exponent = Int(magnitude.exponent)
    let scaled = (magnitude.significand * 1024).rounded(.toNearestOrEven)  // 1024...2048
    return sign | UInt16((exponent + 14) * 1024 + Int(saturating: scaled))
  }

  /// To bfloat16, rounded to nearest, ties to even.
  package static func brain(from number: Float) -> UInt16 {
    let bits = number.bitPattern
    if number.isNaN { return UInt16(bits >> 16) | 0x40 }
    return UInt16((bits &+ 0x7FFF &+ ((bits >> 16) & 1)) >> 16)
  }

  /// To bfloat16, rounded once, to nearest, ties to even.
  package static func brain(from number: Double) -> UInt16 {
    var float = Float(number)
    guard number.isFinite, Double(float) != number else { return brain(from: float) }
    // The float next to the number toward 0 whose last bit is set when some are lost decides as the number does.
    if Double(float.magnitude) > number.magnitude { float = Float(bitPattern: float.bitPattern - 1) }
    return brain(from: Float(bitPattern: float.bitPattern | 1))
  }

  private static func load<Raw: BitwiseCopyable, Result>(
    _ bytes: UnsafeRawBufferPointer, _: Raw.Type, _ convert: (Raw) -> Result
  ) -> [Result] {
    let size = MemoryLayout<Raw>.size
    let count = bytes.count / size
    return [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
      for index in 0..<count {
        // Ranges of a mapped file need not be aligned.
        let raw = bytes.loadUnaligned(fromByteOffset: index * size, as: Raw.self)
        (buffer.baseAddress! + index).initialize(to: convert(raw))
      }
      initialized = count
    }
  }

  private static func store<Number, Raw: BitwiseCopyable>(
    _ numbers: [Number], _ bytes: UnsafeMutableRawBufferPointer, _ convert: (Number) -> Raw
  ) {
    let size = MemoryLayout<Raw>.size
    for (index, number) in numbers.enumerated() {
      bytes.storeBytes(of: convert(number), toByteOffset: index * size, as: Raw.self)
    }
  }
}
