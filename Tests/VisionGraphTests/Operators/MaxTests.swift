import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct MaxTests {
  @Test func broadcastsAnyNumberOfTensors() throws {
    try checkOperator(
      Max(),
      [Tensor([1, 5] as [Float], shape: [2, 1]), Tensor([2, 3, 9] as [Float]), Tensor(scalar: Float(4))],
      expected: [Tensor([4, 4, 9, 5, 5, 9] as [Float], shape: [2, 3])])
    try checkOperator(Max(), [Tensor([1, 2] as [Float])], expected: [Tensor([1, 2] as [Float])])
  }

  @Test func letsNaNWin() throws {
    try checkOperator(
      Max(), [Tensor([.nan, 1, .infinity, -.infinity] as [Float]), Tensor([1, .nan, 2, 2] as [Float])],
      expected: [Tensor([.nan, .nan, .infinity, 2] as [Float])])
  }

  @Test func computesIntegersExactly() throws {
    try checkOperator(
      Max(), [Tensor([9007199254740993, -5] as [Int64]), Tensor([9007199254740992, -6] as [Int64])],
      expected: [Tensor([9007199254740993, -5] as [Int64])])
    try checkOperator(
      Max(), [Tensor([18446744073709551615, 1] as [UInt64]), Tensor([5, 9223372036854775808] as [UInt64])],
      expected: [Tensor([18446744073709551615, 9223372036854775808] as [UInt64])])
  }

  @Test func keepsEmptyTensors() throws {
    try checkOperator(
      Max(), [Tensor([] as [Float], shape: [0, 2]), Tensor([1, 2] as [Float]), Tensor(scalar: Float(1))],
      expected: [Tensor([] as [Float], shape: [0, 2])])
  }

  @Test func refusesNoneAndBools() {
    #expect(throws: ShapeError.self) { try Max().outputs([]) }
    #expect(throws: ShapeError.self) { try Max().outputs([Fact(.bool, [1])]) }
    #expect(throws: ShapeError.self) { try Max().outputs([Fact(.int8, [1]), Fact(.int16, [1])]) }
  }
}
