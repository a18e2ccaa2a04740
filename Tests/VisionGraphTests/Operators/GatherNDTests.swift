import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct GatherNDTests {
  @Test func picksSlices() throws {
    try checkOperator(GatherND(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7] as [Float], shape: [2, 2, 2]), Tensor([0, 1, 1, -2] as [Int64], shape: [2, 2])], expected: [Tensor([2, 3, 4, 5] as [Float], shape: [2, 2])])
    try checkOperator(GatherND(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7] as [Float], shape: [2, 2, 2]), Tensor([1, 0] as [Int64], shape: [2, 1, 1])], expected: [Tensor([4, 5, 6, 7, 0, 1, 2, 3] as [Float], shape: [2, 1, 2, 2])])
    try checkOperator(GatherND(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7] as [Float], shape: [2, 2, 2]), Tensor([1, 1, 0] as [Int64])], expected: [Tensor(scalar: Float(6))])
    try checkOperator(GatherND(batchAxes: 1), [Tensor([0, 1, 2, 3, 4, 5, 6, 7] as [Float], shape: [2, 2, 2]), Tensor([1, 0] as [Int64], shape: [2, 1])], expected: [Tensor([2, 3, 4, 5] as [Float], shape: [2, 2])])
    try checkOperator(GatherND(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7] as [Float], shape: [2, 2, 2]), Tensor([] as [Int64], shape: [0, 2])], expected: [Tensor([] as [Float], shape: [0, 2])])
  }

  @Test func refusesIndicesOutOfRange() {
    #expect(throws: EvaluationError.self) { try GatherND().evaluate([Tensor([1, 2] as [Float]), Tensor([2] as [Int64], shape: [1, 1])]) }
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try GatherND().outputs([Fact(.float32, [2]), Fact(.int64, [2, 2])]) }
    #expect(throws: ShapeError.self) { try GatherND().outputs([Fact(.float32, [2]), Fact(.int64, [])]) }
    #expect(throws: ShapeError.self) { try GatherND(batchAxes: 1).outputs([Fact(.float32, [2, 2]), Fact(.int64, [3, 1])]) }
    #expect(throws: ShapeError.self) { try GatherND(batchAxes: 2).outputs([Fact(.float32, [2, 2]), Fact(.int64, [2, 2])]) }
    #expect(throws: ShapeError.self) { try GatherND(batchAxes: -1).outputs([Fact(.float32, [2, 2]), Fact(.int64, [2, 2])]) }
  }
}
