import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct XorTests {
  @Test func followsItsTruthTableAndBroadcasts() throws {
    try checkOperator(
      Xor(), [Tensor([true, false] as [Bool], shape: [2, 1]), Tensor([true, false] as [Bool])],
      expected: [Tensor([false, true, true, false] as [Bool], shape: [2, 2])])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(
      Xor(), [Tensor(scalar: Bool(true)), Tensor(scalar: Bool(false))], expected: [Tensor(scalar: Bool(true))]
    )
    try checkOperator(
      Xor(), [Tensor([] as [Bool], shape: [0, 2]), Tensor([true, false] as [Bool])],
      expected: [Tensor([] as [Bool], shape: [0, 2])])
  }

  @Test func refusesNumbers() {
    #expect(throws: ShapeError.self) { try Xor().outputs([Fact(.int8, [1]), Fact(.bool, [1])]) }
    #expect(throws: ShapeError.self) { try Xor().outputs([Fact(.bool, [1]), Fact(.int8, [1])]) }
  }
}
