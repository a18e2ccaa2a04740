import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct SizeTests {
  @Test func countsElements() throws {
    try checkOperator(Size(), [Tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23] as [Float], shape: [2, 3, 4])], expected: [Tensor(scalar: Int64(24))])
    try checkOperator(Size(), [Tensor(scalar: Float(1))], expected: [Tensor(scalar: Int64(1))])
    try checkOperator(Size(), [Tensor([] as [Bool], shape: [0, 5])], expected: [Tensor(scalar: Int64(0))])
  }

  @Test func isKnownBeforeAnythingRuns() throws {
    #expect(try Size().outputs([Fact(.float32, [2, 3])]) == [Fact(constant: Tensor(scalar: Int64(6)))])
  }
}
