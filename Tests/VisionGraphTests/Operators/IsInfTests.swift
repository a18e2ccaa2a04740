import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct IsInfTests {
  @Test func findsInfinities() throws {
    try checkOperator(
      IsInf(), [Tensor([1, .nan, .infinity, -.infinity] as [Float])],
      expected: [Tensor([false, false, true, true] as [Bool])])
    try checkOperator(
      IsInf(), [Tensor(scalar: Float.infinity).converted(to: .float16)],
      expected: [Tensor(scalar: Bool(true))])
  }

  @Test func findsOneSignOnly() throws {
    try checkOperator(
      IsInf(detectsNegative: false), [Tensor([1, .nan, .infinity, -.infinity] as [Float])],
      expected: [Tensor([false, false, true, false] as [Bool])])
    try checkOperator(
      IsInf(detectsPositive: false), [Tensor([1, .nan, .infinity, -.infinity] as [Float])],
      expected: [Tensor([false, false, false, true] as [Bool])])
  }

  @Test func refusesIntegers() {
    #expect(throws: ShapeError.self) { try IsInf().outputs([Fact(.int32, [1])]) }
  }

  @Test func readsItsAttributes() throws {
    #expect(
      try importNode(
        IsInf.self, opset: 10, [Tensor([1, .nan, .infinity, -.infinity] as [Float])],
        ["detect_positive": .int(0)]) == [Tensor([false, false, false, true] as [Bool])])
  }
}
