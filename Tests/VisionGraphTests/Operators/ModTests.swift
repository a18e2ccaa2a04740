import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ModTests {
  @Test func takesTheSignOfTheDivisor() throws {
    try checkOperator(
      Mod(), [Tensor([-4, 7, 5, 4, -7, 8] as [Int64]), Tensor([2, -3, 8, -2, 3, 5] as [Int64])],
      expected: [Tensor([0, -2, 5, 0, 2, 3] as [Int64])])
    try checkOperator(
      Mod(), [Tensor([-128] as [Int8]), Tensor([-1] as [Int8])], expected: [Tensor([0] as [Int8])])
    try checkOperator(
      Mod(), [Tensor([18446744073709551615] as [UInt64]), Tensor([10] as [UInt64])],
      expected: [Tensor([5] as [UInt64])])
  }

  @Test func takesTheSignOfTheDividendWithFmod() throws {
    try checkOperator(
      Mod(fmod: true), [Tensor([-4, 7, 5, 4, -7, 8] as [Int64]), Tensor([2, -3, 8, -2, 3, 5] as [Int64])],
      expected: [Tensor([0, 1, 5, 0, -1, 3] as [Int64])])
    try checkOperator(
      Mod(fmod: true),
      [Tensor([-4.3, 7.2, 5, 4.3, -7.2, 8] as [Float]), Tensor([2.1, -3.4, 8, -2.1, 3.4, 5] as [Float])],
      expected: [Tensor([-0.10000038, 0.39999962, 5, 0.10000038, -0.39999962, 3] as [Float])])
  }

  @Test func refusesRemaindersByZero() {
    #expect(throws: EvaluationError.self) {
      try Mod().evaluate([Tensor([1] as [Int64]), Tensor([0] as [Int64])])
    }
    #expect(throws: EvaluationError.self) {
      try Mod().evaluate([Tensor([1] as [UInt64]), Tensor([0] as [UInt64])])
    }
  }

  @Test func refusesFloatsWithoutFmod() {
    #expect(throws: ShapeError.self) { try Mod().outputs([Fact(.float32, [1]), Fact(.float32, [1])]) }
  }
}
