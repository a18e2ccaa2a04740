import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// The numbers are those of ONNX Runtime.
@Suite struct InverseTests {
  @Test func invertsEachMatrix() throws {
    try checkOperator(
      Inverse(), [pattern([2, 2, 2])],
      expected: [golden([2, 2, 2], "-0.17955111 0.33915216 0.25935164 0.39900252 1.75 0.25 -0.75 -1.25")])
    // A zero on the diagonal needs a pivot.
    try checkOperator(
      Inverse(), [golden([2, 2], "0 2 4 1")], expected: [golden([2, 2], "-0.125 0.25 0.5 0")])
  }

  @Test func refusesWhatHasNone() {
    #expect(throws: EvaluationError.self) { try Inverse().evaluate([golden([2, 2], "1 2 2 4")]) }
    #expect(throws: ShapeError.self) { try Inverse().outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: ShapeError.self) { try Inverse().outputs([Fact(.float32, [2])]) }
  }
}
