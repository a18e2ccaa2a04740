import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct BitwiseXorTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      BitwiseXor(),
      [Tensor([0, 255, 129, 37, 200, 1] as [UInt8], shape: [2, 3]), Tensor([15, 255, 128] as [UInt8])],
      expected: [Tensor([15, 0, 1, 42, 55, 129] as [UInt8], shape: [2, 3])])
    try checkOperator(
      BitwiseXor(),
      [
        Tensor([-1, 0, 5, -128, 1099511627779] as [Int64]),
        Tensor([7, -1, -4, 127, 1099511627776] as [Int64]),
      ],
      expected: [Tensor([-8, -1, -7, -1, 3] as [Int64])])
    #expect(
      try BitwiseXor().evaluate([
        Tensor([9223372036854775813, 18446744073709551615] as [UInt64]),
        Tensor([9223372036854775810, 12] as [UInt64]),
      ])[0].values(as: UInt64.self) == [7, 18446744073709551603])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try BitwiseXor().outputs([Fact(.float32, [2]), Fact(.float32, [2])]) }
    #expect(throws: ShapeError.self) { try BitwiseXor().outputs([Fact(.int8, [2]), Fact(.uint8, [2])]) }
    #expect(throws: ShapeError.self) { try BitwiseXor().outputs([Fact(.int8, [2]), Fact(.int8, [3])]) }
    #expect(throws: ShapeError.self) { try BitwiseXor().outputs([Fact(.int8, [2])]) }
  }
}
