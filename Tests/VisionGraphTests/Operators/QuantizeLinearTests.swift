import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct QuantizeLinearTests {
  @Test func roundsAndSaturates() throws {
    try checkOperator(
      QuantizeLinear(),
      [
        Tensor([0, 2, 3, 1000, -254, -1000] as [Float]), Tensor(scalar: Float(2)), Tensor(scalar: UInt8(128)),
      ], expected: [Tensor([128, 129, 130, 255, 1, 0] as [UInt8])])
    try checkOperator(
      QuantizeLinear(), [Tensor([0.5, 1.5, 2.5, -0.5, -1.5, 300] as [Float]), Tensor(scalar: Float(1))],
      expected: [Tensor([0, 2, 2, 0, 0, 255] as [UInt8])])
    try checkOperator(
      QuantizeLinear(),
      [Tensor([0, 2, 3, 1000, -254, -1000] as [Float]), Tensor([2] as [Float]), Tensor([-3] as [Int8])],
      expected: [Tensor([-3, -2, -1, 127, -128, -128] as [Int8])])
    try checkOperator(
      QuantizeLinear(), [Tensor([7, -7] as [Int32]), Tensor(scalar: Float(2)), Tensor(scalar: Int16(0))],
      expected: [Tensor([4, -4] as [Int16])])
  }

  @Test func scalesEachSliceAlongAnAxis() throws {
    try checkOperator(
      QuantizeLinear(),
      [
        Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [2, 3]), Tensor([1, 0.5, 2] as [Float]),
        Tensor([0, 1, 2] as [UInt8]),
      ], expected: [Tensor([0, 3, 3, 3, 9, 4] as [UInt8], shape: [2, 3])])
    try checkOperator(
      QuantizeLinear(axis: -2),
      [
        Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [2, 3]), Tensor([1, 0.25] as [Float]),
        Tensor([0, 1] as [UInt8]),
      ], expected: [Tensor([0, 1, 2, 13, 17, 21] as [UInt8], shape: [2, 3])])
    try checkOperator(
      QuantizeLinear(), [Tensor([] as [Float], shape: [0, 3]), Tensor([1, 0.5, 2] as [Float])],
      expected: [Tensor([] as [UInt8], shape: [0, 3])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) {
      try QuantizeLinear().outputs([Fact(.float32, [2, 3]), Fact(.float32, [2])])
    }
    #expect(throws: ShapeError.self) {
      try QuantizeLinear().outputs([Fact(.float32, [2, 3]), Fact(.float32, [3]), Fact(.uint8, [])])
    }
    #expect(throws: ShapeError.self) {
      try QuantizeLinear().outputs([Fact(.float32, [2, 3]), Fact(.float32, [1, 3])])
    }
    #expect(throws: ShapeError.self) {
      try QuantizeLinear().outputs([Fact(.float32, [2]), Fact(.float32, []), Fact(.float32, [])])
    }
    #expect(throws: ShapeError.self) {
      try QuantizeLinear().outputs([Fact(.float32, [2]), Fact(.float32, [2])])
    }
  }

  @Test func readsTheTypeOfTheResult() throws {
    #expect(
      try importNode(
        QuantizeLinear.self, opset: 21, [Tensor([-7, 3] as [Float]), Tensor(scalar: Float(1))],
        ["output_dtype": .int(3)]) == [Tensor([-7, 3] as [Int8])])
  }

  /// Golden values: onnx.reference of onnx 1.19.1.
  @Test func scalesEachBlock() throws {
    let x = Tensor([1, -2, 3.5, 7, 0.25, 10, -20, 30, -40, 5.5] as [Float], shape: [2, 5])
    try checkOperator(
      QuantizeLinear(blockSize: 2),
      [
        x, Tensor([0.5, 1, 0.25, 2, 0.5, 1] as [Float], shape: [2, 3]),
        Tensor([1, 2, 3, 4, 5, 6] as [UInt8], shape: [2, 3]),
      ], expected: [Tensor([3, 0, 6, 9, 4, 9, 0, 65, 0, 12] as [UInt8], shape: [2, 5])])
    try checkOperator(
      QuantizeLinear(axis: 0, blockSize: 2),
      [
        x, Tensor([0.5, 1, 0.25, 0.5, 1] as [Float], shape: [1, 5]),
        Tensor([1, 2, 3, -4, 5] as [Int16], shape: [1, 5]),
      ], expected: [Tensor([3, 0, 17, 10, 5, 21, -18, 123, -84, 11] as [Int16], shape: [2, 5])])
  }

  @Test func dividesInThePrecisionAskedFor() throws {
    let x = Tensor([2049, 2051] as [Float])
    let one = Tensor(scalar: Float(1))
    // float16 has only even numbers there.
    try checkOperator(
      QuantizeLinear(precision: .float16), [x, one, Tensor(scalar: Int16(0))],
      expected: [Tensor([2048, 2052] as [Int16])])
    try checkOperator(
      QuantizeLinear(), [x, one, Tensor(scalar: Int16(0))], expected: [Tensor([2049, 2051] as [Int16])])
    let half = one.converted(to: .float16)
    for (opset, first) in [(22, 2049), (23, 2048)] as [(Int, Int16)] {
      let result = try importNode(QuantizeLinear.self, opset: opset, [x, half, Tensor(scalar: Int16(0))])
      #expect(result[0].values(as: Int16.self)?.first == first)
    }
  }

  @Test func quantizesToFourBitsAndFloats() throws {
    let x = Tensor([0, 2.5, 4.8, 8.6, -30, 6, 1000, -0.3] as [Float])
    let two = Tensor(scalar: Float(2))
    for (type, numbers) in [
      (ElementType.int4, [0, 1, 2, 4, -8, 3, 7, 0]), (.uint4, [0, 1, 2, 4, 0, 3, 15, 0]),
      (.float4e2m1, [0, 1, 2, 4, -6, 3, 6, 0]), (.float8e5m2, [0, 1.25, 2.5, 4, -16, 3, 512, -0.15625]),
      (.float8e4m3fn, [0, 1.25, 2.5, 4.5, -15, 3, 448, -0.15625]),
      (.float8e4m3fnuz, [0, 1.25, 2.5, 4.5, -15, 3, 240, -0.15625]),
    ] as [(ElementType, [Double])] {
      let zero = Tensor(doubles: [0], shape: [], elementType: type)
      let expected = Tensor(doubles: numbers, shape: [8], elementType: type)
      let results = try QuantizeLinear().evaluate([x, two, zero])
      #expect(results[0].doubles == numbers, "\(type)")
      try checkOperator(QuantizeLinear(), [x, two, zero])
      #expect(
        try importNode(QuantizeLinear.self, opset: 24, [x, two], ["output_dtype": .int(type.onnx)])[0].doubles
          == expected.doubles)
    }
    let half = Tensor([126] as [UInt8]).reinterpreted(as: .float8e8m0).reshaped(to: [])
    let results = try QuantizeLinear(saturates: false).evaluate([
      x, half, Tensor(doubles: [0], shape: [], elementType: .float8e5m2),
    ])
    #expect(results[0].doubles == [0, 5, 10, 16, -64, 12, 2048, -0.625])
  }

  @Test func saysWhichOpsetItNeeds() {
    let (x, scale, half) = (Fact(.float32, [2]), Fact(.float32, []), Fact(.float16, []))
    #expect(QuantizeLinear().minimumOpset([x, scale, nil]) == 0)
    #expect(QuantizeLinear().minimumOpset([Fact(.float16, [2]), half]) == 19)
    #expect(QuantizeLinear().minimumOpset([x, scale, Fact(.int16, [])]) == 21)
    #expect(QuantizeLinear(blockSize: 2).minimumOpset([x, scale]) == 21)
    #expect(QuantizeLinear().minimumOpset([x, half]) == 23)
    #expect(QuantizeLinear(precision: .float16).minimumOpset([x, scale]) == 23)
  }

  @Test func refusesOtherTypesAndBlocksThatDoNotFit() {
    let inputs: [Tensor?] = [Tensor([1, 2, 3] as [Float]), Tensor([1] as [Float])]
    for (name, number) in [("output_dtype", 1), ("precision", 3), ("precision", 11)] {
      #expect(
        graphErrorKind { try importNode(QuantizeLinear.self, opset: 23, inputs, [name: .int(number)]) }
          == .unsupportedFeature)
    }
    #expect(
      graphErrorKind { try importNode(QuantizeLinear.self, opset: 21, inputs, ["block_size": .int(-1)]) }
        == .structure)
    #expect(throws: ShapeError.self) {
      try QuantizeLinear(blockSize: 2).outputs([Fact(.float32, [2, 5]), Fact(.float32, [2, 2])])
    }
    #expect(throws: ShapeError.self) {
      try QuantizeLinear(blockSize: 2).outputs([Fact(.float32, [2, 5]), Fact(.float32, [3])])
    }
  }
}
