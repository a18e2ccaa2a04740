import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct PowTests {
  @Test func broadcasts() throws {
    try checkOperator(
      Pow(), [Tensor([2, -3] as [Float], shape: [2, 1]), Tensor([0.5, 2, 0] as [Float])],
      expected: [Tensor([1.4142135, 4, 1, .nan, 9, 1] as [Float], shape: [2, 3])])
  }

  @Test func mixesTypes() throws {
    try checkOperator(
      Pow(), [Tensor([2, 4] as [Float]), Tensor([3, -1] as [Int64])],
      expected: [Tensor([8, 0.25] as [Float])])
    try checkOperator(
      Pow(), [Tensor([2, 9, -2] as [Int32]), Tensor([3, 0.5, 3] as [Float])],
      expected: [Tensor([8, 3, -8] as [Int32])])
    try checkOperator(
      Pow(), [Tensor([2] as [Float]), Tensor([10] as [UInt8])], expected: [Tensor([1024] as [Float])])
  }

  @Test func computesIntegersExactly() throws {
    try checkOperator(
      Pow(), [Tensor([3, 10, -1, -1, 5] as [Int64]), Tensor([39, 18, -3, -4, -1] as [Int64])],
      expected: [Tensor([4052555153018976267, 1000000000000000000, -1, 1, 0] as [Int64])])
    try checkOperator(
      Pow(), [Tensor([2] as [Int64]), Tensor([64] as [Int64])], expected: [Tensor([0] as [Int64])])
  }

  @Test func refusesZeroToANegativePower() {
    #expect(throws: EvaluationError.self) {
      try Pow().evaluate([Tensor([0] as [Int64]), Tensor([-1] as [Int64])])
    }
  }

  @Test func refusesUnsignedBases() {
    #expect(throws: ShapeError.self) { try Pow().outputs([Fact(.uint8, [1]), Fact(.uint8, [1])]) }
  }
}
