import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ArgMaxTests {
  @Test func findsPositions() throws {
    try checkOperator(
      ArgMax(axis: 1), [pattern([2, 5, 3])], expected: [golden([2, 1, 3], "4 0 3 2 2 2", .int64)])
    try checkOperator(
      ArgMax(axis: -1, keepsDimensions: false), [pattern([2, 5, 3])],
      expected: [golden([2, 5], "1 0 0 2 0 0 0 0 0 0", .int64)])
    try checkOperator(ArgMax(), [pattern([4, 3])], expected: [golden([1, 3], "1 0 3", .int64)])
    try checkOperator(
      ArgMax(axis: 1, selectsLast: true), [Tensor([1, 3, 3, 2, 1, 1] as [Float], shape: [2, 3])],
      expected: [golden([2, 1], "2 0", .int64)])
    try checkOperator(
      ArgMax(axis: 1), [Tensor([1, 3, 3, 2, 1, 1] as [Float], shape: [2, 3])],
      expected: [golden([2, 1], "1 0", .int64)])
    try checkOperator(ArgMax(), [Tensor([3, -5, 7, 7, -5] as [Int32])], expected: [golden([1], "2", .int64)])
    try checkOperator(ArgMax(), [Tensor([1, .nan, 5] as [Float])], expected: [golden([1], "1", .int64)])
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try ArgMax(axis: 2).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try ArgMax().outputs([Fact(.float32, [0, 3])]) }
    #expect(throws: ShapeError.self) { try ArgMax().outputs([Fact(.bool, [2])]) }
    #expect(throws: ShapeError.self) { try ArgMax().outputs([Fact(.float32, [])]) }
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(ArgMax(axis: 1), [pattern([5, 1001])], kernelTolerance: 2e-6)
  }
}
