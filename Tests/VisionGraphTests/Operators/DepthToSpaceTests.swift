import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct DepthToSpaceTests {
  @Test func movesChannelsIntoBlocks() throws {
    try checkOperator(
      DepthToSpace(block: 2), [pattern([2, 8, 2, 3])],
      expected: [
        golden(
          [2, 2, 4, 6],
          """
          -2.5 1.75 2.125 1.25 1.625 0.75 0.875 0 0.375 -0.5 -0.125 -1 1.125 0.25 0.625 -0.25 0.125 -0.75
          -0.625 -1.5 -1.125 -2 -1.625 -2.5 -0.375 -1.25 -0.875 -1.75 -1.375 -2.25 -2.125 2.125 2.5 1.625
          2 1.125 -1.875 2.375 -2.375 1.875 2.25 1.375 1.5 0.625 1 0.125 0.5 -0.375 -0.875 -1.75 -1.375
          -2.25 -1.875 2.375 2.5 1.625 2 1.125 1.5 0.625 -2.375 1.875 2.25 1.375 1.75 0.875 1 0.125 0.5
          -0.375 0 -0.875 1.25 0.375 0.75 -0.125 0.25 -0.625 -0.5 -1.375 -1 -1.875 -1.5 -2.375 -0.25
          -1.125 -0.75 -1.625 -1.25 -2.125 -2 2.25 -2.5 1.75 2.125 1.25
          """)
      ])
    try checkOperator(
      DepthToSpace(block: 2, mode: .channelsFirst), [pattern([2, 8, 2, 3])],
      expected: [
        golden(
          [2, 2, 4, 6],
          """
          -2.5 -0.375 2.125 -0.875 1.625 -1.375 1.75 -1.25 1.25 -1.75 0.75 -2.25 1.125 -1.875 0.625 -2.375
          0.125 2.25 0.25 2.375 -0.25 1.875 -0.75 1.375 0.875 -2.125 0.375 2.5 -0.125 2 0 2.125 -0.5 1.625
          -1 1.125 -0.625 1.5 -1.125 1 -1.625 0.5 -1.5 0.625 -2 0.125 -2.5 -0.375 -0.875 1.25 -1.375 0.75
          -1.875 0.25 -1.75 0.375 -2.25 -0.125 2.375 -0.625 -2.375 -0.25 2.25 -0.75 1.75 -1.25 1.875
          -1.125 1.375 -1.625 0.875 -2.125 2.5 -0.5 2 -1 1.5 -1.5 1.625 -1.375 1.125 -1.875 0.625 -2.375 1
          -2 0.5 -2.5 0 2.125 0.125 2.25 -0.375 1.75 -0.875 1.25
          """)
      ])
    try checkOperator(
      DepthToSpace(block: 3), [pattern([1, 9, 1, 2])],
      expected: [
        golden(
          [1, 1, 3, 6],
          """
          -2.5 1.625 0.625 2.125 1.125 0.125 -0.375 -1.375 -2.375 -0.875 -1.875 2.25 1.75 0.75 -0.25 1.25
          0.25 -0.75
          """)
      ])
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try DepthToSpace(block: 2).outputs([Fact(.float32, [1, 6, 2, 2])]) }
    #expect(throws: ShapeError.self) { try DepthToSpace(block: 0).outputs([Fact(.float32, [1, 4, 2, 2])]) }
    #expect(throws: ShapeError.self) { try DepthToSpace(block: 2).outputs([Fact(.float32, [4, 2, 2])]) }
    #expect(throws: ShapeError.self) {
      try DepthToSpace(block: 4294967296).outputs([Fact(.float32, [1, 4, 2, 2])])
    }
    #expect(
      graphErrorKind { try importNode(DepthToSpace.self, opset: 13, [pattern([1, 4, 1, 1])]) } == .structure)
    #expect(
      graphErrorKind {
        try importNode(
          DepthToSpace.self, opset: 13, [pattern([1, 4, 1, 1])],
          ["blocksize": .int(2), "mode": .string("RCD")])
      } == .unsupportedFeature)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(
      DepthToSpace(block: 2, mode: .channelsFirst), [pattern([2, 36, 9, 7])], kernelTolerance: 2e-6)
  }
}
