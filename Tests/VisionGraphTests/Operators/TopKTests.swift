import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct TopKTests {
  @Test func findsTheBest() throws {
    try checkOperator(
      TopK(), [pattern([2, 7]), Tensor([3] as [Int64])], constants: [1],
      expected: [golden([2, 3], "2.125 1.625 1.125 2.25 1.75 1.25"), golden([2, 3], "1 2 3 4 5 6", .int64)])
    try checkOperator(
      TopK(axis: 0, largest: false), [pattern([5, 3]), Tensor([2] as [Int64])], constants: [1],
      expected: [
        golden([2, 3], "-2.5 -2.375 -1.375 -1.875 -0.875 0.125"), golden([2, 3], "0 3 2 3 2 1", .int64),
      ])
    try checkOperator(
      TopK(axis: 1), [pattern([2, 4, 3]), Tensor([4] as [Int64])], constants: [1],
      expected: [
        golden(
          [2, 4, 3],
          """
          1.125 2.125 2.25 -0.375 0.625 1.625 -1.875 -0.875 0.125 -2.5 -2.375 -1.375 2.375 1.875 1.375
          1.75 1.25 0.75 0.25 -0.25 -0.75 -1.25 -1.75 -2.25
          """), golden([2, 4, 3], "1 0 3 2 1 0 3 2 1 0 3 2 3 3 3 0 0 0 1 1 1 2 2 2", .int64),
      ])
    try checkOperator(
      TopK(), [Tensor([1, 3, 3, 3, 2] as [Int64]), Tensor([3] as [Int64])], constants: [1],
      expected: [golden([3], "3 3 3", .int64), golden([3], "1 2 3", .int64)])
    try checkOperator(
      TopK(sorted: false), [Tensor([1, .nan, 3] as [Float]), Tensor([2] as [Int64])], constants: [1],
      expected: [golden([2], "nan 3"), golden([2], "1 2", .int64)])
  }

  @Test func readsOlderForms() throws {
    try expectClose(
      importNode(TopK.self, opset: 9, [pattern([2, 7])], ["k": .int(2), "axis": .int(1)])[0],
      golden([2, 2], "2.125 1.625 2.25 1.75"), tolerance: 1e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) {
      try TopK().outputs([Fact(.float32, [2, 3]), Fact(constant: Tensor([4] as [Int64]))])
    }
    #expect(throws: ShapeError.self) {
      try TopK().outputs([Fact(.float32, [2, 3]), Fact(constant: Tensor([-1] as [Int64]))])
    }
    #expect(throws: ShapeError.self) {
      try TopK().outputs([Fact(.float32, [2, 3]), Fact(constant: Tensor([1, 1] as [Int64]))])
    }
    #expect(throws: ShapeError.self) { try TopK().outputs([Fact(.float32, [2, 3]), Fact(.int64, [1])]) }
    #expect(throws: ShapeError.self) {
      try TopK(axis: 2).outputs([Fact(.float32, [2, 3]), Fact(constant: Tensor([1] as [Int64]))])
    }
    #expect(graphErrorKind { try importNode(TopK.self, opset: 9, [pattern([3])]) } == .structure)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(
      TopK(), [pattern([5, 1001]), Tensor([5] as [Int64])], constants: [1], kernelTolerance: 2e-6)
  }
}
