import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct GlobalMaxPoolTests {
  @Test func poolsEachChannel() throws {
    try checkOperator(
      GlobalMaxPool(), [pattern([2, 3, 3, 5])],
      expected: [golden([2, 3, 1, 1], "2.25 2.375 2.5 2.25 2.5 2.125")])
    try checkOperator(GlobalMaxPool(), [pattern([1, 2, 7])], expected: [golden([1, 2, 1], "2.125 2.25")])
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try GlobalMaxPool().outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try GlobalMaxPool().outputs([Fact(.float32, [2, 3, 0])]) }
    #expect(throws: ShapeError.self) { try GlobalMaxPool().outputs([Fact(.int32, [2, 3, 4])]) }
    #expect(throws: ShapeError.self) { try GlobalMaxPool().outputs([]) }
    #expect(
      graphErrorKind { try importNode(GlobalMaxPool.self, opset: 17, [pattern([1, 1, 4])], ["q": .int(1)]) }
        == .unsupportedFeature)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(GlobalMaxPool(), [pattern([2, 35, 9, 11])], kernelTolerance: 2e-6)
  }
}
