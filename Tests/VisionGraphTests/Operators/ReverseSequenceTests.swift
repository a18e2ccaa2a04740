import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ReverseSequenceTests {
  @Test func reversesTheFirstSteps() throws {
    let x = Tensor((0..<16).map { Float($0) }, shape: [4, 4])
    try checkOperator(
      ReverseSequence(batchAxis: 0, timeAxis: 1), [x, Tensor([1, 2, 3, 4] as [Int64])],
      expected: [
        golden([4, 4], "0 1 2 3 5 4 6 7 10 9 8 11 15 14 13 12")
      ])
    try checkOperator(
      ReverseSequence(), [x, Tensor([4, 3, 2, 0] as [Int64])],
      expected: [
        golden([4, 4], "12 9 6 3 8 5 2 7 4 1 10 11 0 13 14 15")
      ])
    try checkOperator(
      ReverseSequence(), [Tensor((0..<12).map { Int32($0) }, shape: [3, 2, 2]), Tensor([3, 2] as [Int64])],
      expected: [Tensor([8, 9, 6, 7, 4, 5, 2, 3, 0, 1, 10, 11] as [Int32], shape: [3, 2, 2])])
  }

  @Test func refusesWhatDoesNotFit() {
    let (x, lengths) = (Fact(.float32, [2, 3]), Fact(.int64, [3]))
    #expect(throws: ShapeError.self) { try ReverseSequence(batchAxis: 0, timeAxis: 1).outputs([x, lengths]) }
    #expect(throws: ShapeError.self) { try ReverseSequence(batchAxis: 1, timeAxis: 1).outputs([x, lengths]) }
    #expect(throws: ShapeError.self) { try ReverseSequence().outputs([Fact(.float32, [2]), lengths]) }
    #expect(throws: ShapeError.self) { try ReverseSequence().outputs([x, Fact(.int32, [3])]) }
    for length in [-1, 3] as [Int64] {
      #expect(throws: EvaluationError.self) {
        try ReverseSequence().evaluate([pattern([2, 3]), Tensor([0, 1, length])])
      }
    }
  }
}
