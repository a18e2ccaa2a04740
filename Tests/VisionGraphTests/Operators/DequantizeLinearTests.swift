import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct DequantizeLinearTests {
  @Test func scales() throws {
    try checkOperator(
      DequantizeLinear(),
      [Tensor([0, 3, 128, 255] as [UInt8]), Tensor(scalar: Float(2)), Tensor(scalar: UInt8(128))],
      expected: [Tensor([-256, -250, 0, 254] as [Float])])
    try checkOperator(
      DequantizeLinear(), [Tensor([-128, 127] as [Int8]), Tensor([0.5] as [Float])],
      expected: [Tensor([-64, 63.5] as [Float])])
    try checkOperator(
      DequantizeLinear(),
      [Tensor([2147483647] as [Int32]), Tensor(scalar: Float(1)), Tensor(scalar: Int32(0))],
      expected: [Tensor([2147483600.0] as [Float])])
  }

  @Test func scalesEachSliceAlongAnAxis() throws {
    try checkOperator(
      DequantizeLinear(),
      [
        Tensor([0, 1, 2, 3, 4, 5] as [UInt8], shape: [2, 3]), Tensor([1, 0.5, 2] as [Float]),
        Tensor([0, 1, 2] as [UInt8]),
      ], expected: [Tensor([0, 0, 0, 3, 1.5, 6] as [Float], shape: [2, 3])])
    try checkOperator(
      DequantizeLinear(axis: 0),
      [Tensor([0, 1, 2, 3, 4, 5] as [UInt8], shape: [2, 3]), Tensor([1, 0.25] as [Float])],
      expected: [Tensor([0, 1, 2, 0.75, 1, 1.25] as [Float], shape: [2, 3])])
    try checkOperator(
      DequantizeLinear(),
      [
        Tensor([0, 1, 2, 3, 4, 5] as [UInt8], shape: [2, 3]),
        Tensor([1, 0.5, 2] as [Float]).converted(to: .float16),
      ], expected: [Tensor([0, 0.5, 4, 3, 2, 10] as [Float], shape: [2, 3]).converted(to: .float16)])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) {
      try DequantizeLinear().outputs([Fact(.uint8, [2, 3]), Fact(.float32, [2])])
    }
    #expect(throws: ShapeError.self) {
      try DequantizeLinear().outputs([Fact(.uint8, [2, 3]), Fact(.float32, [3]), Fact(.int8, [3])])
    }
    #expect(throws: ShapeError.self) {
      try DequantizeLinear().outputs([Fact(.float32, [2]), Fact(.float32, [])])
    }
    #expect(throws: ShapeError.self) {
      try DequantizeLinear().outputs([Fact(.uint8, [2, 3]), Fact(.int8, [])])
    }
  }

  /// Worked out by hand.
  @Test func scalesEachBlock() throws {
    let x = Tensor([1, 2, 3, 250, 5, 6, 7, 80, 9, 10] as [UInt8], shape: [2, 5])
    try checkOperator(
      DequantizeLinear(blockSize: 2),
      [
        x, Tensor([0.5, 1, 0.25, 2, 0.5, 1] as [Float], shape: [2, 3]),
        Tensor([1, 2, 3, 4, 5, 6] as [UInt8], shape: [2, 3]),
      ], expected: [Tensor([0, 0.5, 1, 248, 0.5, 4, 6, 37.5, 2, 4] as [Float], shape: [2, 5])])
    try checkOperator(
      DequantizeLinear(axis: -2, blockSize: 3),
      [x, Tensor([0.5, 1, 0.25, 0.5, 1] as [Float], shape: [1, 5])],
      expected: [Tensor([0.5, 2, 0.75, 125, 5, 3, 7, 20, 4.5, 10] as [Float], shape: [2, 5])])
  }

  @Test func takesFourBitsAndFloats() throws {
    let codes = Tensor([0, 1, 7, 8, 15] as [UInt8])
    for (type, numbers) in [
      (ElementType.int4, [0, 0.5, 3.5, -4, -0.5]), (.uint4, [0, 0.5, 3.5, 4, 7.5]),
      (.float4e2m1, [0, 0.25, 3, 0, -3]), (.float8e4m3fn, [0, 0x1p-10, 0x7p-10, 0x8p-10, 0xfp-10]),
    ] as [(ElementType, [Float])] {
      try checkOperator(
        DequantizeLinear(), [codes.reinterpreted(as: type), Tensor(scalar: Float(0.5))],
        expected: [Tensor(numbers)])
    }
    let powers = Tensor([126, 128] as [UInt8]).reinterpreted(as: .float8e8m0)
    try checkOperator(
      DequantizeLinear(axis: 0, blockSize: 2, type: .bfloat16), [Tensor([1, 2, 3] as [Int8]), powers],
      expected: [Tensor([0.5, 1, 6] as [Float]).converted(to: .bfloat16)])
    #expect(throws: ShapeError.self) {
      try DequantizeLinear().outputs([Fact(.int8, [2]), Fact(.float8e8m0, [])])
    }
  }

  @Test func readsTheTypeOfTheResult() throws {
    for (number, type) in [(1, ElementType.float32), (10, .float16)] {
      #expect(
        try importNode(
          DequantizeLinear.self, opset: 23, [Tensor([2] as [UInt8]), Tensor(scalar: Float(2))],
          ["output_dtype": .int(number)]) == [Tensor([4] as [Float]).converted(to: type)])
    }
    try checkOperator(
      DequantizeLinear(type: .float16), [Tensor([2] as [UInt8]), Tensor(scalar: Float(2))],
      expected: [Tensor([4] as [Float]).converted(to: .float16)])
  }

  @Test func refusesOtherTypesAndBlocksThatDoNotFit() {
    #expect(
      graphErrorKind {
        try importNode(
          DequantizeLinear.self, opset: 23, [Tensor([1] as [UInt8]), Tensor([1] as [Float])],
          ["output_dtype": .int(6)])
      } == .unsupportedFeature)
    #expect(throws: ShapeError.self) {
      try DequantizeLinear(blockSize: 2).outputs([Fact(.uint8, [2, 5]), Fact(.float32, [2, 2])])
    }
    #expect(throws: ShapeError.self) {
      try DequantizeLinear(axis: 2, blockSize: 2).outputs([Fact(.uint8, [2, 5]), Fact(.float32, [2, 3])])
    }
  }
}
