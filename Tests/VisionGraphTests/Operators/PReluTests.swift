import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct PReluTests {
  @Test func scalesWhatIsNegative() throws {
    try checkOperator(
      PRelu(), [pattern([2, 3, 4]), Tensor([0.5, -1, 2] as [Float], shape: [3, 1])],
      expected: [
        golden(
          [2, 3, 4],
          """
          -1.25 2.125 1.625 1.125 0.625 0.125 0.375 0.875 -2.75 -3.75 -4.75 2.25 1.75 1.25 0.75 0.25 0.25
          0.75 1.25 1.75 -4.5 2.375 1.875 1.375
          """)
      ])
    try checkOperator(
      PRelu(), [pattern([2, 3]), Tensor([0.25] as [Float])],
      expected: [golden([2, 3], "-0.625 2.125 1.625 1.125 0.625 0.125")])
    try checkOperator(
      PRelu(), [pattern([2, 3]), pattern([2, 3], seed: 1)],
      expected: [golden([2, 3], "2.8125 2.125 1.625 1.125 0.625 0.125")])
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try PRelu().outputs([Fact(.float32, [2, 3]), Fact(.float32, [2])]) }
    #expect(throws: ShapeError.self) { try PRelu().outputs([Fact(.float32, [3]), Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try PRelu().outputs([Fact(.float32, [3])]) }
    #expect(throws: ShapeError.self) { try PRelu().outputs([Fact(.float32, [3]), Fact(.float64, [1])]) }
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(
      PRelu(), [pattern([2, 35, 9, 7]), pattern([35, 1, 1], seed: 1)], kernelTolerance: 2e-6)
  }

  @Test func multipliesIntegersExactly() throws {
    try checkOperator(
      PRelu(), [Tensor([-3, 5, -(1 << 40), 0] as [Int64], shape: [2, 2]), Tensor([2, 3] as [Int64])],
      expected: [Tensor([-6, 5, -(1 << 41), 0] as [Int64], shape: [2, 2])])
    try checkOperator(
      PRelu(), [Tensor([UInt32.max, 5]), Tensor([2] as [UInt32])], expected: [Tensor([UInt32.max, 5])])
  }
}
