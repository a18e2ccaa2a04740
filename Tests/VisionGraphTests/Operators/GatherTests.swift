import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct GatherTests {
  @Test func picksAlongAnAxis() throws {
    try checkOperator(Gather(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as [Float], shape: [3, 4]), Tensor([0, -1, 2, 1] as [Int64], shape: [2, 2])], expected: [Tensor([0, 1, 2, 3, 8, 9, 10, 11, 8, 9, 10, 11, 4, 5, 6, 7] as [Float], shape: [2, 2, 4])])
    try checkOperator(Gather(axis: -1), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as [Float], shape: [3, 4]), Tensor([0, -1, 2, 1] as [Int32], shape: [2, 2])], expected: [Tensor([0, 3, 2, 1, 4, 7, 6, 5, 8, 11, 10, 9] as [Float], shape: [3, 2, 2])])
    try checkOperator(Gather(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as [Float], shape: [3, 4]), Tensor(scalar: Int64(1))], expected: [Tensor([4, 5, 6, 7] as [Float])])
    try checkOperator(Gather(), [Tensor([5, 6, 7] as [Int64]), Tensor(scalar: Int64(-1))], expected: [Tensor(scalar: Int64(7))])
    try checkOperator(Gather(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as [Float], shape: [3, 4]), Tensor([] as [Int64])], expected: [Tensor([] as [Float], shape: [0, 4])])
    try checkOperator(Gather(), [Tensor([] as [Float], shape: [3, 0]), Tensor([1] as [Int64])], expected: [Tensor([] as [Float], shape: [1, 0])])
  }

  @Test func refusesIndicesOutOfRange() {
    #expect(throws: EvaluationError.self) { try Gather().evaluate([Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as [Float], shape: [3, 4]), Tensor([3] as [Int64])]) }
    #expect(throws: EvaluationError.self) { try Gather().evaluate([Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as [Float], shape: [3, 4]), Tensor([-4] as [Int64])]) }
    #expect(throws: EvaluationError.self) { try Gather().evaluate([Tensor([] as [Float]), Tensor([0] as [Int64])]) }
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try Gather().outputs([Fact(.float32, []), Fact(.int64, [1])]) }
    #expect(throws: ShapeError.self) { try Gather().outputs([Fact(.float32, [3]), Fact(.float32, [1])]) }
    #expect(throws: ShapeError.self) { try Gather(axis: 1).outputs([Fact(.float32, [3]), Fact(.int64, [1])]) }
  }

  @Test func reportsIndicesOutOfRangeWhileFolding() {
    #expect(graphErrorKind { try importNode(Gather.self, opset: 13, [Tensor([1, 2] as [Int64]), Tensor([2] as [Int64])], [:]) } == .evaluation)
  }
}
