import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct FlattenTests {
  @Test func makesAMatrix() throws {
    try checkOperator(
      Flatten(), [pattern([2, 3, 4])],
      expected: [
        golden(
          [2, 12],
          """
          -2.5 2.125 1.625 1.125 0.625 0.125 -0.375 -0.875 -1.375 -1.875 -2.375 2.25 1.75 1.25 0.75 0.25
          -0.25 -0.75 -1.25 -1.75 -2.25 2.375 1.875 1.375
          """)
      ])
    try checkOperator(
      Flatten(axis: 0), [pattern([2, 3])], expected: [golden([1, 6], "-2.5 2.125 1.625 1.125 0.625 0.125")])
    try checkOperator(
      Flatten(axis: -1), [pattern([2, 3, 4])],
      expected: [
        golden(
          [6, 4],
          """
          -2.5 2.125 1.625 1.125 0.625 0.125 -0.375 -0.875 -1.375 -1.875 -2.375 2.25 1.75 1.25 0.75 0.25
          -0.25 -0.75 -1.25 -1.75 -2.25 2.375 1.875 1.375
          """)
      ])
    try checkOperator(
      Flatten(axis: 2), [pattern([2, 3])], expected: [golden([6, 1], "-2.5 2.125 1.625 1.125 0.625 0.125")])
    try checkOperator(Flatten(axis: 0), [Tensor(scalar: Float(3))], expected: [golden([1, 1], "3")])
    try checkOperator(
      Flatten(), [Tensor([true, false] as [Bool], shape: [2, 1, 1])],
      expected: [golden([2, 1], "1 0", .bool)])
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try Flatten(axis: 3).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try Flatten(axis: -3).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try Flatten().outputs([]) }
  }
}
