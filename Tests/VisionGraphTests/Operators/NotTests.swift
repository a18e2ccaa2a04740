import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct NotTests {
  @Test func inverts() throws {
    try checkOperator(Not(), [Tensor([true, false] as [Bool])], expected: [Tensor([false, true] as [Bool])])
    try checkOperator(Not(), [Tensor(scalar: Bool(true))], expected: [Tensor(scalar: Bool(false))])
    try checkOperator(Not(), [Tensor([] as [Bool])], expected: [Tensor([] as [Bool])])
  }

  @Test func refusesNumbers() {
    #expect(throws: ShapeError.self) { try Not().outputs([Fact(.uint8, [1])]) }
  }
}
