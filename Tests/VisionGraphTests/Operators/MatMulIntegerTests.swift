import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values: ONNX Runtime 1.32, optimizations off.
@Suite struct MatMulIntegerTests {
  @Test func agreesWithOnnxRuntime() throws {
    try checkOperator(
      MatMulInteger(),
      [
        Tensor([0, 7, 100, 128, 200, 255] as [UInt8], shape: [2, 3]),
        Tensor([-33, 45, -97, 94, -41, -70, 11, 101, 98, 95, -50, -124] as [Int8], shape: [3, 4]),
        Tensor(scalar: UInt8(128)), Tensor([1, -2, 3, -4] as [Int8]),
      ],
      expected: [Tensor([6718, -504, 13316, -21889, 9295, 7423, -6155, -7680] as [Int32], shape: [2, 4])])
  }

  @Test func takesAZeroPointForEachRow() throws {
    try checkOperator(
      MatMulInteger(),
      [Tensor([1, 2, 3, 4] as [UInt8], shape: [2, 2]), Tensor([5, 6] as [UInt8]), nil, nil],
      expected: [Tensor([17, 39] as [Int32])])
    try checkOperator(
      MatMulInteger(),
      [
        Tensor([1, 2, 3, 4] as [UInt8], shape: [2, 2]), Tensor([5, 6] as [UInt8], shape: [2, 1]),
        Tensor([1, 3] as [UInt8]),
      ], expected: [Tensor([6, 6] as [Int32], shape: [2, 1])])
  }

  @Test func refusesWhatDoesNotFit() {
    let (a, b) = (Fact(.uint8, [2, 3]), Fact(.int8, [3, 4]))
    #expect(throws: ShapeError.self) { try MatMulInteger().outputs([a, b, Fact(.uint8, [3])]) }
    #expect(throws: ShapeError.self) { try MatMulInteger().outputs([a, b, nil, Fact(.uint8, [])]) }
    #expect(throws: ShapeError.self) { try MatMulInteger().outputs([a, b, nil, Fact(.int8, [3])]) }
    #expect(throws: ShapeError.self) { try MatMulInteger().outputs([a, Fact(.int8, [4, 3])]) }
  }
}
