import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct BitwiseAndTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      BitwiseAnd(),
      [Tensor([0, 255, 129, 37, 200, 1] as [UInt8], shape: [2, 3]), Tensor([15, 255, 128] as [UInt8])],
      expected: [Tensor([0, 255, 128, 5, 200, 0] as [UInt8], shape: [2, 3])])
    try checkOperator(
      BitwiseAnd(),
      [
        Tensor([-1, 0, 5, -128, 1099511627779] as [Int64]),
        Tensor([7, -1, -4, 127, 1099511627776] as [Int64]),
      ],
      expected: [Tensor([7, 0, 4, 0, 1099511627776] as [Int64])])
    #expect(
      try BitwiseAnd().evaluate([
        Tensor([9223372036854775813, 18446744073709551615] as [UInt64]),
        Tensor([9223372036854775810, 12] as [UInt64]),
      ])[0].values(as: UInt64.self) == [9223372036854775808, 12])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try BitwiseAnd().outputs([Fact(.float32, [2]), Fact(.float32, [2])]) }
    #expect(throws: ShapeError.self) { try BitwiseAnd().outputs([Fact(.int8, [2]), Fact(.uint8, [2])]) }
    #expect(throws: ShapeError.self) { try BitwiseAnd().outputs([Fact(.int8, [2]), Fact(.int8, [3])]) }
    #expect(throws: ShapeError.self) { try BitwiseAnd().outputs([Fact(.int8, [2])]) }
  }
}
