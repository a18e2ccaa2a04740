import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct CastTests {
  @Test func cutsFloatsOff() throws {
    try checkOperator(
      Cast(to: .int32), [Tensor([-2.7, -0.5, 0, 0.9, 2.5, 10000000000.0, -10000000000.0] as [Float])],
      expected: [Tensor([-2, 0, 0, 0, 2, 2147483647, -2147483648] as [Int32])])
    try checkOperator(
      Cast(to: .uint8), [Tensor([300, -3, .nan] as [Float])], expected: [Tensor([255, 0, 0] as [UInt8])])
    try checkOperator(
      Cast(to: .int64), [Tensor([.infinity, -.infinity] as [Float])],
      expected: [Tensor([9223372036854775807, -9223372036854775808] as [Int64])])
    try checkOperator(
      Cast(to: .uint64), [Tensor([1e+19, -1, .infinity, -.infinity, .nan] as [Float])],
      expected: [Tensor([9999999980506447872, 0, 18446744073709551615, 0, 0] as [UInt64])])
  }

  @Test func keepsTheLowBitsOfIntegers() throws {
    try checkOperator(
      Cast(to: .int8), [Tensor([200, -1, 128] as [Int16])], expected: [Tensor([-56, -1, -128] as [Int8])])
    try checkOperator(
      Cast(to: .uint64), [Tensor([-1, 4294967296] as [Int64])],
      expected: [Tensor([18446744073709551615, 4294967296] as [UInt64])])
    try checkOperator(
      Cast(to: .int32), [Tensor([18446744073709551615] as [UInt64])], expected: [Tensor([-1] as [Int32])])
  }

  @Test func roundsToNearestEven() throws {
    try checkOperator(
      Cast(to: .float16), [Tensor([1.00048828125, 1.00146484375, 65520, 1e-08] as [Double])],
      expected: [Tensor([1, 1.0019531, .infinity, 0] as [Float]).converted(to: .float16)])
    try checkOperator(
      Cast(to: .float32), [Tensor([1.0000000596046448, 1e+300] as [Double])],
      expected: [Tensor([1, .infinity] as [Float])])
    try checkOperator(
      Cast(to: .float64), [Tensor([9007199254740993] as [Int64])],
      expected: [Tensor([9007199254740992.0] as [Double])])
  }

  @Test func takesBoolsAsZeroAndOne() throws {
    try checkOperator(
      Cast(to: .float32), [Tensor([true, false] as [Bool])], expected: [Tensor([1, 0] as [Float])])
    try checkOperator(
      Cast(to: .bool), [Tensor([0, -0, 0.1, .nan] as [Float])],
      expected: [Tensor([false, false, true, true] as [Bool])])
    try checkOperator(
      Cast(to: .bool), [Tensor([0, -3] as [Int64])], expected: [Tensor([false, true] as [Bool])])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Cast(to: .int32), [Tensor(scalar: Float(3.9))], expected: [Tensor(scalar: Int32(3))])
    try checkOperator(
      Cast(to: .int32), [Tensor([] as [Float], shape: [0, 2])],
      expected: [Tensor([] as [Int32], shape: [0, 2])])
  }

  @Test func saturatesFloatsOfEightBitsOrNot() throws {
    let x = Tensor([500, -500, .infinity, .nan, 0.3] as [Float])
    func codes(_ codes: [UInt8]) -> [Tensor] { [Tensor(codes).reinterpreted(as: .float8e4m3fn)] }
    try checkOperator(Cast(to: .float8e4m3fn), [x], expected: codes([0x7E, 0xFE, 0x7E, 0x7F, 0x2A]))
    let cast = Cast(to: .float8e4m3fn, saturates: false)
    #expect(try cast.evaluate([x]) == codes([0x7F, 0xFF, 0x7F, 0x7F, 0x2A]))
    #expect(
      try importNode(Cast.self, opset: 19, [x], ["to": .int(17), "saturate": .int(0)]) == cast.evaluate([x]))
    try checkOperator(cast, [Tensor([500] as [Float])])
    #expect((cast.minimumOpset([]), Cast(to: .int4).minimumOpset([])) == (19, 0))
  }

  @Test func roundsToPowersOfTwo() throws {
    let x = Tensor([0, 1.25, 3] as [Float])
    for (rounding, codes) in [
      (ExponentRounding.up, [0, 128, 129]), (.down, [0, 127, 128]), (.nearest, [0, 127, 129]),
    ]
      as [(ExponentRounding, [UInt8])]
    {
      let cast = Cast(to: .float8e8m0, rounding: rounding)
      try checkOperator(cast, [x], expected: [Tensor(codes).reinterpreted(as: .float8e8m0)])
      #expect(
        try importNode(
          Cast.self, opset: 24, [x], ["to": .int(24), "round_mode": .string(rounding.rawValue)])
          == cast.evaluate([x]))
    }
    #expect(Cast(to: .float8e8m0, rounding: .down).minimumOpset([]) == 24)
  }

  @Test func keepsTheLowBitsOfFour() throws {
    let x = Tensor([-9, -8, -1, 0, 7, 8, 15] as [Float])
    try checkOperator(
      Cast(to: .int8), [try Cast(to: .int4).evaluate([x])[0]],
      expected: [Tensor([7, -8, -1, 0, 7, -8, -1] as [Int8])])
    try checkOperator(
      Cast(to: .uint8), [try Cast(to: .uint4).evaluate([x])[0]],
      expected: [Tensor([7, 8, 15, 0, 7, 8, 15] as [UInt8])])
    try checkOperator(
      Cast(to: .float32), [Tensor([0, 7, 15] as [UInt8]).reinterpreted(as: .float4e2m1)],
      expected: [Tensor([0, 6, -6] as [Float])])
  }

  @Test func refusesTypesThatTensorsCannotHold() {
    for number in [8, 14, 25] {
      #expect(
        graphErrorKind {
          try importNode(Cast.self, opset: 19, [Tensor([1] as [Float])], ["to": .int(number)])
        }
          == .unsupportedFeature)
    }
    #expect(
      graphErrorKind { try importNode(Cast.self, opset: 13, [Tensor([1] as [Float])], [:]) } == .structure)
    let odd: [String: AttributeValue] = ["to": .int(24), "round_mode": .string("odd")]
    #expect(
      graphErrorKind { try importNode(Cast.self, opset: 24, [Tensor([1] as [Float])], odd) }
        == .unsupportedFeature)
    #expect(
      graphErrorKind {
        try importNode(Cast.self, opset: 13, [Tensor([1] as [Float])], ["to": .int(1), "saturate": .int(0)])
      } == .unsupportedFeature)
  }
}
