import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ConcatTests {
  @Test func joinsAlongAnAxis() throws {
    try checkOperator(Concat(axis: 1), [Tensor([0, 1, 2, 3] as [Float], shape: [2, 1, 2]), Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as [Float], shape: [2, 3, 2])], expected: [Tensor([0, 1, 0, 1, 2, 3, 4, 5, 2, 3, 6, 7, 8, 9, 10, 11] as [Float], shape: [2, 4, 2])])
    try checkOperator(Concat(axis: -2), [Tensor([0, 1, 2, 3] as [Float], shape: [2, 1, 2]), Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as [Float], shape: [2, 3, 2]), Tensor([0, 1, 2, 3] as [Float], shape: [2, 1, 2])], expected: [Tensor([0, 1, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 2, 3] as [Float], shape: [2, 5, 2])])
    try checkOperator(Concat(axis: 1), [Tensor([0, 1, 2, 3] as [Float], shape: [2, 1, 2])], expected: [Tensor([0, 1, 2, 3] as [Float], shape: [2, 1, 2])])
    try checkOperator(Concat(axis: 0), [Tensor([1, 2] as [Int64]), Tensor([3] as [Int64])], expected: [Tensor([1, 2, 3] as [Int64])])
    try checkOperator(Concat(axis: 0), [Tensor([true] as [Bool]), Tensor([false, true] as [Bool])], expected: [Tensor([true, false, true] as [Bool])])
  }

  @Test func keepsEmptyTensors() throws {
    try checkOperator(Concat(axis: 1), [Tensor([] as [Float], shape: [2, 0, 2]), Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as [Float], shape: [2, 3, 2])], expected: [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as [Float], shape: [2, 3, 2])])
    try checkOperator(Concat(axis: 1), [Tensor([] as [Float], shape: [0, 1]), Tensor([] as [Float], shape: [0, 2])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try Concat(axis: 1).outputs([]) }
    #expect(throws: ShapeError.self) { try Concat(axis: 1).outputs([Fact(.float32, [2, 1]), Fact(.float32, [3, 1])]) }
    #expect(throws: ShapeError.self) { try Concat(axis: 1).outputs([Fact(.float32, [2, 1]), Fact(.float64, [2, 1])]) }
    #expect(throws: ShapeError.self) { try Concat(axis: 1).outputs([Fact(.float32, [2, 1]), Fact(.float32, [2, 1, 1])]) }
    #expect(throws: ShapeError.self) { try Concat(axis: 1).outputs([Fact(.float32, [2])]) }
    #expect(throws: ShapeError.self) { try Concat(axis: 1).outputs([Fact(.float32, [2, 1]), nil]) }
  }

  @Test func refusesToGuessTheAxis() {
    #expect(graphErrorKind { try importNode(Concat.self, opset: 4, [Tensor([0, 1, 2, 3] as [Float], shape: [2, 1, 2]), Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as [Float], shape: [2, 3, 2])], [:]) } == .structure)
  }
}
