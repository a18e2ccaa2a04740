import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct BitwiseNotTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      BitwiseNot(), [Tensor([0, 255, 129, 37] as [UInt8])], expected: [Tensor([255, 0, 126, 218] as [UInt8])])
    try checkOperator(
      BitwiseNot(), [Tensor([-1, 0, 5, -128] as [Int8], shape: [2, 2])],
      expected: [Tensor([0, -1, -6, 127] as [Int8], shape: [2, 2])])
    #expect(
      try BitwiseNot().evaluate([Tensor([0, 9_223_372_036_854_775_813] as [UInt64])])[0]
        .values(as: UInt64.self) == [18_446_744_073_709_551_615, 9_223_372_036_854_775_802])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try BitwiseNot().outputs([Fact(.float32, [2])]) }
    #expect(throws: ShapeError.self) { try BitwiseNot().outputs([Fact(.bool, [2])]) }
    #expect(throws: ShapeError.self) { try BitwiseNot().outputs([]) }
  }
}
