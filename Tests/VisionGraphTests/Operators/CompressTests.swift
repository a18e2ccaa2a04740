import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct CompressTests {
  private let x = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2])

  @Test func keepsSlices() throws {
    try checkOperator(
      Compress(axis: 0), [x, Tensor([false, true, true])], constants: [0, 1],
      expected: [golden([2, 2], "3 4 5 6")])
    try checkOperator(
      Compress(axis: -1), [x, Tensor([false, true])], constants: [0, 1], expected: [golden([3, 1], "2 4 6")])
    try checkOperator(
      Compress(axis: 1), [pattern([2, 3, 2]), Tensor([true, false, true])], constants: [0, 1])
  }

  @Test func keepsElementsWithoutAnAxis() throws {
    try checkOperator(
      Compress(), [x, Tensor([false, true, false, false, true])], constants: [0, 1],
      expected: [golden([2], "2 5")])
  }

  @Test func keepsNothing() throws {
    try checkOperator(
      Compress(axis: 0), [x, Tensor([false, false, false])], constants: [0, 1],
      expected: [golden([0, 2], "")])
    try checkOperator(
      Compress(axis: 0), [x, Tensor([] as [Bool])], constants: [0, 1], expected: [golden([0, 2], "")])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: EvaluationError.self) {
      try Compress(axis: 1).evaluate([x, Tensor([false, false, true])])
    }
    #expect(throws: ShapeError.self) {
      try Compress(axis: 2).check([Fact(.float32, [3, 2]), Fact(.bool, [3])])
    }
    #expect(throws: ShapeError.self) {
      try Compress().check([Fact(.float32, [3, 2]), Fact(.bool, [3, 2])])
    }
    #expect(throws: ShapeError.self) { try Compress().check([Fact(.float32, [3, 2]), Fact(.int64, [3])]) }
  }
}
