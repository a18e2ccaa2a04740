import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct IsNaNTests {
  @Test func findsNaN() throws {
    try checkOperator(
      IsNaN(), [Tensor([1, .nan, .infinity, -.infinity] as [Float])],
      expected: [Tensor([false, true, false, false] as [Bool])])
    try checkOperator(
      IsNaN(), [Tensor([1, .nan] as [Float]).converted(to: .float16)],
      expected: [Tensor([false, true] as [Bool])])
    try checkOperator(
      IsNaN(), [Tensor([] as [Float], shape: [0, 2])], expected: [Tensor([] as [Bool], shape: [0, 2])])
  }

  @Test func refusesIntegers() {
    #expect(throws: ShapeError.self) { try IsNaN().outputs([Fact(.int32, [1])]) }
  }
}
