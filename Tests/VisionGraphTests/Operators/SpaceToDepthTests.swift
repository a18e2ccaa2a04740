import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct SpaceToDepthTests {
  @Test func movesBlocksIntoChannels() throws {
    try checkOperator(
      SpaceToDepth(block: 2), [pattern([2, 2, 4, 6])],
      expected: [
        golden(
          [2, 8, 2, 3],
          """
          -2.5 1.625 0.625 1.75 0.75 -0.25 0.875 -0.125 -1.125 0 -1 -2 2.125 1.125 0.125 1.25 0.25 -0.75
          0.375 -0.625 -1.625 -0.5 -1.5 -2.5 -0.375 -1.375 -2.375 -1.25 -2.25 1.875 -2.125 2 1 2.125 1.125
          0.125 -0.875 -1.875 2.25 -1.75 2.375 1.375 2.5 1.5 0.5 1.625 0.625 -0.375 -0.875 -1.875 2.25
          -1.75 2.375 1.375 2.5 1.5 0.5 1.625 0.625 -0.375 -1.375 -2.375 1.75 -2.25 1.875 0.875 2 1 0
          1.125 0.125 -0.875 1.25 0.25 -0.75 0.375 -0.625 -1.625 -0.5 -1.5 -2.5 -1.375 -2.375 1.75 0.75
          -0.25 -1.25 -0.125 -1.125 -2.125 -1 -2 2.125 -1.875 2.25 1.25
          """)
      ])
    try checkOperator(
      SpaceToDepth(block: 3), [pattern([1, 1, 3, 6])],
      expected: [
        golden(
          [1, 9, 1, 2],
          """
          -2.5 1.125 2.125 0.625 1.625 0.125 -0.375 -1.875 -0.875 -2.375 -1.375 2.25 1.75 0.25 1.25 -0.25
          0.75 -0.75
          """)
      ])
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try SpaceToDepth(block: 2).outputs([Fact(.float32, [1, 1, 3, 4])]) }
    #expect(throws: ShapeError.self) { try SpaceToDepth(block: 0).outputs([Fact(.float32, [1, 1, 4, 4])]) }
    #expect(throws: ShapeError.self) { try SpaceToDepth(block: 2).outputs([Fact(.float32, [1, 4, 4])]) }
    #expect(
      graphErrorKind { try importNode(SpaceToDepth.self, opset: 13, [pattern([1, 4, 2, 2])]) } == .structure)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(SpaceToDepth(block: 3), [pattern([2, 17, 9, 6])], kernelTolerance: 2e-6)
  }
}
