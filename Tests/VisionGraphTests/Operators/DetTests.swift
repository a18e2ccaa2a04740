import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct DetTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Det(), [pattern([2, 3, 3])],
      expected: [
        golden(
          [2],
          """
          3.84375 -3.84375
          """)
      ])
    try checkOperator(
      Det(), [pattern([6, 6], seed: 5)], expected: [Tensor(scalar: Float(-301.823837))])
    try checkOperator(
      Det(), [Tensor([0, 2, 3, 0] as [Double], shape: [2, 2])], expected: [Tensor(scalar: Double(-6))])
  }

  @Test func givesZeroForSingularMatricesAndOneForEmptyOnes() throws {
    try checkOperator(
      Det(), [Tensor([1, 2, 2, 4] as [Float], shape: [1, 2, 2])], expected: [Tensor([0] as [Float])])
    try checkOperator(
      Det(), [Tensor([] as [Float], shape: [2, 0, 0])], expected: [Tensor([1, 1] as [Float])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try Det().outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try Det().outputs([Fact(.float32, [2])]) }
    #expect(throws: ShapeError.self) { try Det().outputs([Fact(.int32, [2, 2])]) }
  }
}
