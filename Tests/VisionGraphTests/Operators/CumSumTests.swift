import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct CumSumTests {
  @Test func sumsAlongAnAxis() throws {
    try checkOperator(CumSum(), [Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]), Tensor(scalar: Int64(1))], expected: [Tensor([1, 3, 6, 4, 9, 15] as [Float], shape: [2, 3])])
    try checkOperator(CumSum(), [Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]), Tensor(scalar: Int64(0))], expected: [Tensor([1, 2, 3, 5, 7, 9] as [Float], shape: [2, 3])])
    try checkOperator(CumSum(isExclusive: true), [Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]), Tensor(scalar: Int32(-1))], expected: [Tensor([0, 1, 3, 0, 4, 9] as [Float], shape: [2, 3])])
    try checkOperator(CumSum(isReverse: true), [Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]), Tensor([1] as [Int64])], expected: [Tensor([6, 5, 3, 15, 11, 6] as [Float], shape: [2, 3])])
    try checkOperator(CumSum(isExclusive: true, isReverse: true), [Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]), Tensor(scalar: Int64(1))], expected: [Tensor([5, 3, 0, 11, 6, 0] as [Float], shape: [2, 3])])
  }

  @Test func computesIntegersModuloTheirRange() throws {
    try checkOperator(CumSum(), [Tensor([2147483647, 1] as [Int32]), Tensor(scalar: Int64(0))], expected: [Tensor([2147483647, -2147483648] as [Int32])])
    try checkOperator(CumSum(), [Tensor([18446744073709551615, 2] as [UInt64]), Tensor(scalar: Int64(0))], expected: [Tensor([18446744073709551615, 1] as [UInt64])])
  }

  @Test func keepsEmptyTensors() throws {
    try checkOperator(CumSum(), [Tensor([] as [Float], shape: [0, 2]), Tensor(scalar: Int64(0))], expected: [Tensor([] as [Float], shape: [0, 2])])
  }

  @Test func refusesAxesThatDoNotFit() {
    #expect(throws: EvaluationError.self) { try CumSum().evaluate([Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]), Tensor(scalar: Int64(2))]) }
    #expect(throws: ShapeError.self) { try CumSum().outputs([Fact(.float32, [2]), Fact(constant: Tensor(scalar: Int64(1)))]) }
    #expect(throws: ShapeError.self) { try CumSum().outputs([Fact(.float32, [2]), Fact(constant: Tensor([0, 0] as [Int64]))]) }
    #expect(throws: ShapeError.self) { try CumSum().outputs([Fact(.int8, [2]), Fact(constant: Tensor(scalar: Int64(0)))]) }
  }
}
