import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct GlobalAveragePoolTests {
  @Test func poolsEachChannel() throws {
    try checkOperator(
      GlobalAveragePool(), [pattern([2, 3, 3, 5])],
      expected: [golden([2, 3, 1, 1], "0.15 -0.175 0.18333334 -0.14166667 0.21666667 -0.108333334")])
    try checkOperator(
      GlobalAveragePool(), [pattern([1, 2, 7])], expected: [golden([1, 2, 1], "0.39285713 -0.17857143")])
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try GlobalAveragePool().outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try GlobalAveragePool().outputs([Fact(.float32, [2, 3, 0])]) }
    #expect(throws: ShapeError.self) { try GlobalAveragePool().outputs([Fact(.int32, [2, 3, 4])]) }
    #expect(throws: ShapeError.self) { try GlobalAveragePool().outputs([]) }
    #expect(
      graphErrorKind {
        try importNode(GlobalAveragePool.self, opset: 17, [pattern([1, 1, 4])], ["q": .int(1)])
      } == .unsupportedFeature)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(GlobalAveragePool(), [pattern([2, 35, 9, 11])], kernelTolerance: 2e-6)
  }
}
