import Testing
import VisionTensor

/// Conversions of numbers of 8 and 4 bits, to the bit. Hashes of results of ml_dtypes 0.6.0 and of onnx 1.19.1
/// (`numpy_helper.saturate_cast`, `to_float8e8m0`), FNV-1a of their bytes.
@Suite struct SmallFloatTests {
  struct Format: Sendable {
    let type: ElementType
    /// Of the float32 bits of all 256 codes, NaN as 0x7FC00000.
    let numbers: UInt64
    /// Of the codes of all float16 numbers.
    let saturated: UInt64
    let unsaturated: UInt64
    /// Of the codes of `grid`.
    let gridSaturated: UInt64
    let gridUnsaturated: UInt64
    /// The middle between the largest number and what would come next, the floats before and after it, a large number,
    /// infinity.
    let beyond: [Float]
    let beyondSaturated: [UInt8]
    let beyondUnsaturated: [UInt8]
  }

  static let formats = [
    Format(
      type: .float8e4m3fn, numbers: 0xdad1_d9c5_0f74_9ca5, saturated: 0x2d72_4a81_49ff_1225,
      unsaturated: 0xbd57_1fcb_cd35_1aa5, gridSaturated: 0x88a1_3933_41f1_7199,
      gridUnsaturated: 0xc856_7498_58a8_7ae6, beyond: [464, 463.99997, 464.00003, 1792, .infinity],
      beyondSaturated: [126, 126, 126, 126, 126], beyondUnsaturated: [126, 126, 127, 127, 127]),
    Format(
      type: .float8e4m3fnuz, numbers: 0xf518_51cb_11c6_3018, saturated: 0xd671_61fa_988d_e225,
      unsaturated: 0x5baa_f26b_4d46_d9a5, gridSaturated: 0x8f9c_5b2b_39a5_cda9,
      gridUnsaturated: 0xb168_b0b2_541e_4ce4, beyond: [248, 247.99998, 248.00002, 960, .infinity],
      beyondSaturated: [127, 127, 127, 127, 127], beyondUnsaturated: [128, 127, 128, 128, 128]),
    Format(
      type: .float8e5m2, numbers: 0x6c1e_56b6_fb09_c905, saturated: 0x1e3e_cb6c_5c7e_6f25,
      unsaturated: 0xbd84_6ad2_7363_4325, gridSaturated: 0xdf11_00ea_5d74_dcc0,
      gridUnsaturated: 0xed2e_5d51_2a97_4600, beyond: [61440, 61439.996, 61440.004, 229376, .infinity],
      beyondSaturated: [123, 123, 123, 123, 123], beyondUnsaturated: [124, 123, 124, 124, 124]),
    Format(
      type: .float8e5m2fnuz, numbers: 0x94ae_6fc4_93d4_9818, saturated: 0xf78b_d6e1_3c6c_f725,
      unsaturated: 0xf336_d4e1_e12e_dda5, gridSaturated: 0xe7de_dfa2_4bb4_5ea9,
      gridUnsaturated: 0xe8b4_8f73_8093_a4c9, beyond: [61440, 61439.996, 61440.004, 229376, .infinity],
      beyondSaturated: [127, 127, 127, 127, 127], beyondUnsaturated: [128, 127, 128, 128, 128]),
  ]

  static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  static func bytes(_ tensor: Tensor) -> [UInt8] { tensor.withUnsafeBytes { Array($0) } }

  /// Every float16 number, infinity and NaN.
  static let halves = Tensor((0...UInt16.max).map { $0 }).reinterpreted(as: .float16)

  /// Float32 numbers of all signs and exponents, without NaN.
  static let grid: [Float] = (0..<65536).map { (index: Int) in
    Float(bitPattern: UInt32(truncatingIfNeeded: index * 65537 + index % 7 * 4096))
  }.filter { !$0.isNaN }

  static func codes(_ x: Tensor, _ type: ElementType, saturates: Bool) -> [UInt8] {
    bytes(
      Tensor(elementType: type, shape: x.shape) { target in
        ElementConversion.store(x.doubles, asSmall: type, saturates: saturates, rounding: .up, into: target)
      })
  }

  @Test(arguments: formats) func allCodesMeanTheirNumbers(_ format: Format) {
    let all = Tensor((0...UInt8.max).map { $0 }).reinterpreted(as: format.type)
    let bits = all.floats.map { $0.isNaN ? 0x7FC0_0000 : $0.bitPattern }
    #expect(Self.hash(Self.bytes(Tensor(bits))) == format.numbers)
    let again = Self.codes(all, format.type, saturates: false)
    for (code, number) in all.doubles.enumerated() where !number.isNaN {
      #expect(Int(again[code]) == code)
    }
  }

  @Test(arguments: formats) func roundsAsMlDtypes(_ format: Format) {
    for (numbers, saturated, unsaturated) in [
      (Self.halves, format.saturated, format.unsaturated),
      (Tensor(Self.grid), format.gridSaturated, format.gridUnsaturated),
    ] {
      #expect(Self.hash(Self.codes(numbers, format.type, saturates: true)) == saturated)
      #expect(Self.hash(Self.codes(numbers, format.type, saturates: false)) == unsaturated)
    }
    let beyond = Tensor(format.beyond)
    #expect(Self.codes(beyond, format.type, saturates: true) == format.beyondSaturated)
    #expect(Self.codes(beyond, format.type, saturates: false) == format.beyondUnsaturated)
    #expect(Self.bytes(beyond.converted(to: format.type)) == format.beyondSaturated)
  }

  @Test func fourBitsHaveSixteenNumbers() {
    let all = Tensor((0..<16).map { UInt8($0) }).reinterpreted(as: .float4e2m1)
    #expect(all.floats == [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -0.5, -1, -1.5, -2, -3, -4, -6])
    #expect(all.floats[8].sign == .minus)
    #expect(Self.hash(Self.codes(Self.halves, .float4e2m1, saturates: true)) == 0x93e6_0c1e_f55c_cd25)
    let numbers: [Float] = [0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5, 5.1, 7, -0.25, -0.26, 1e9, -.infinity]
    for saturates in [true, false] {
      #expect(
        Self.codes(Tensor(numbers), .float4e2m1, saturates: saturates)
          == [0, 2, 2, 4, 4, 6, 6, 7, 7, 8, 9, 7, 15])
    }
  }

  @Test func sixteenBitsAreRoundedOnce() {
    let numbers = Tensor(Self.grid)
    #expect(Self.hash(Self.bytes(numbers.converted(to: .float16))) == 0x9f86_ca97_811b_5df4)
    #expect(Self.hash(Self.bytes(numbers.converted(to: .bfloat16))) == 0x4947_7a27_ca4e_2e81)
    let finite = Tensor(Self.halves.floats.filter { !$0.isNaN })
    #expect(Self.hash(Self.bytes(finite.converted(to: .bfloat16))) == 0x31b9_1751_f43b_d9dd)
    // By way of float32 the first would become the middle of two, and go to the even one below.
    let middle = 1 + 0x1p-8
    let doubles = Tensor(
      [middle + 0x1p-40, middle, middle - 0x1p-40, -middle - 0x1p-40, 1e39, 1e300] as [Double])
    #expect(
      doubles.converted(to: .bfloat16).doubles == [1 + 0x1p-7, 1, 1, -1 - 0x1p-7, .infinity, .infinity])
  }

  /// Powers of two, in the three ways of rounding.
  @Test func powersOfTwo() {
    let all = Tensor((0...UInt8.max).map { $0 }).reinterpreted(as: .float8e8m0)
    for (code, number) in all.doubles.dropLast().enumerated() {
      #expect(number == Double(sign: .plus, exponent: code - 127, significand: 1))
    }
    #expect(all.doubles[255].isNaN)
    func codes(_ numbers: [Double], _ rounding: ExponentRounding, saturates: Bool = true) -> [UInt8] {
      Self.bytes(
        Tensor(elementType: .float8e8m0, shape: [numbers.count]) { target in
          ElementConversion.store(
            numbers, asSmall: .float8e8m0, saturates: saturates, rounding: rounding, into: target)
        })
    }
    let normal = Self.grid.filter { $0 >= .leastNormalMagnitude && $0.isFinite }.map(Double.init)
    #expect(Self.hash(codes(normal, .nearest)) == 0x52d9_b514_80b7_d365)
    #expect(Self.hash(codes(normal, .down)) == 0x2889_88b2_d45f_2fa5)
    #expect(codes([0.124, 0.25, 1.1, 1.25, 1.5, 2], .up) == [124, 125, 128, 128, 128, 128])
    #expect(codes([0.124, 0.25, 1.1, 1.25, 1.5, 2], .nearest) == [124, 125, 127, 127, 128, 128])
    #expect(codes([0.124, 0.25, 1.1, 1.25, 1.5, 2], .down) == [123, 125, 127, 127, 127, 128])
    let odd = [0, 0x1p-130, 0x1p-127, 0x1.8p-127, 0x1p127, 0x1.8p127, .infinity, .nan, -1]
    #expect(codes(odd, .up) == [0, 0, 0, 1, 254, 254, 254, 255, 255])
    #expect(codes(odd, .nearest, saturates: false) == [255, 255, 0, 1, 254, 255, 255, 255, 255])
    #expect(codes(odd, .down, saturates: false) == [255, 255, 0, 0, 254, 254, 255, 255, 255])
  }

  @Test func integersOfFourBitsSaturateAndTravelAsCodes() {
    let numbers = Tensor([-100, -9, -8, -1, 0, 7, 8, 15, 16] as [Int32])
    #expect(numbers.converted(to: .int4).integers == [-8, -8, -8, -1, 0, 7, 7, 7, 7])
    #expect(numbers.converted(to: .uint4).integers == [0, 0, 0, 0, 0, 7, 8, 15, 15])
    let all = Tensor((0..<16).map { UInt8($0) })
    for type in [ElementType.int4, .uint4, .float4e2m1] {
      #expect(all.reinterpreted(as: type).codes == all)
    }
    #expect(all.reinterpreted(as: .int4).integers == Array(0..<8) + Array(-8..<0))
    #expect(Self.halves.codes == Self.halves)
    #expect(Self.halves.converted(to: .bfloat16).codes.elementType == .uint16)
  }
}
