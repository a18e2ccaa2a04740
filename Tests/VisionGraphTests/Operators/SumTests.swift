import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct SumTests {
  @Test func broadcastsAnyNumberOfTensors() throws {
    try checkOperator(
      Sum(),
      [Tensor([1, 5] as [Float], shape: [2, 1]), Tensor([2, 3, 9] as [Float]), Tensor(scalar: Float(4))],
      expected: [Tensor([7, 8, 14, 11, 12, 18] as [Float], shape: [2, 3])])
    try checkOperator(Sum(), [Tensor([1, 2] as [Float])], expected: [Tensor([1, 2] as [Float])])
  }

  @Test func roundsOnce() throws {
    try checkOperator(
      Sum(), [Tensor([100000000.0] as [Float]), Tensor([1] as [Float]), Tensor([-100000000.0] as [Float])],
      expected: [Tensor([1] as [Float])])
  }

  @Test func followsIEEEForInfinitiesAndNaN() throws {
    try checkOperator(
      Sum(), [Tensor([.infinity, .nan, .infinity] as [Float]), Tensor([-.infinity, 1, 1] as [Float])],
      expected: [Tensor([.nan, .nan, .infinity] as [Float])])
  }

  @Test func keepsEmptyTensors() throws {
    try checkOperator(
      Sum(), [Tensor([] as [Float], shape: [0, 2]), Tensor([1, 2] as [Float])],
      expected: [Tensor([] as [Float], shape: [0, 2])])
  }

  @Test func refusesNoneAndIntegers() {
    #expect(throws: ShapeError.self) { try Sum().outputs([]) }
    #expect(throws: ShapeError.self) { try Sum().outputs([Fact(.int32, [1])]) }
  }
}
