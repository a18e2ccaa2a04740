import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct AndTests {
  @Test func followsItsTruthTableAndBroadcasts() throws {
    try checkOperator(
      And(), [Tensor([true, false] as [Bool], shape: [2, 1]), Tensor([true, false] as [Bool])],
      expected: [Tensor([true, false, false, false] as [Bool], shape: [2, 2])])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(
      And(), [Tensor(scalar: Bool(true)), Tensor(scalar: Bool(false))],
      expected: [Tensor(scalar: Bool(false))])
    try checkOperator(
      And(), [Tensor([] as [Bool], shape: [0, 2]), Tensor([true, false] as [Bool])],
      expected: [Tensor([] as [Bool], shape: [0, 2])])
  }

  @Test func refusesNumbers() {
    #expect(throws: ShapeError.self) { try And().outputs([Fact(.int8, [1]), Fact(.bool, [1])]) }
    #expect(throws: ShapeError.self) { try And().outputs([Fact(.bool, [1]), Fact(.int8, [1])]) }
  }
}
