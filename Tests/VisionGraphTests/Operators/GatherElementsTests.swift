import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct GatherElementsTests {
  @Test func picksElements() throws {
    try checkOperator(GatherElements(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8] as [Float], shape: [3, 3]), Tensor([1, 2, 0, 2, 0, -3] as [Int64], shape: [2, 3])], expected: [Tensor([3, 7, 2, 6, 1, 2] as [Float], shape: [2, 3])])
    try checkOperator(GatherElements(axis: -1), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8] as [Float], shape: [3, 3]), Tensor([1, 2, 0, 2, 0, -3] as [Int32], shape: [2, 3])], expected: [Tensor([1, 2, 0, 5, 3, 3] as [Float], shape: [2, 3])])
    try checkOperator(GatherElements(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8] as [Float], shape: [3, 3]), Tensor([] as [Int64], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func refusesIndicesOutOfRange() {
    #expect(throws: EvaluationError.self) { try GatherElements().evaluate([Tensor([1, 2] as [Float]), Tensor([2] as [Int64])]) }
    #expect(throws: EvaluationError.self) { try GatherElements().evaluate([Tensor([1, 2] as [Float]), Tensor([-3] as [Int64])]) }
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try GatherElements().outputs([Fact(.float32, [3, 3]), Fact(.int64, [3])]) }
    #expect(throws: ShapeError.self) { try GatherElements().outputs([Fact(.float32, [3, 3]), Fact(.int64, [3, 4])]) }
    #expect(throws: ShapeError.self) { try GatherElements().outputs([Fact(.float32, []), Fact(.int64, [])]) }
  }
}
