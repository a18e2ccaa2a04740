import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct MeanTests {
  @Test func broadcastsAnyNumberOfTensors() throws {
    try checkOperator(
      Mean(),
      [Tensor([1, 5] as [Float], shape: [2, 1]), Tensor([2, 3, 9] as [Float]), Tensor(scalar: Float(4))],
      expected: [Tensor([2.3333333, 2.6666667, 4.6666665, 3.6666667, 4, 6] as [Float], shape: [2, 3])])
    try checkOperator(Mean(), [Tensor([1, 2] as [Float])], expected: [Tensor([1, 2] as [Float])])
  }

  @Test func roundsOnce() throws {
    try checkOperator(
      Mean(), [Tensor([100000000.0] as [Float]), Tensor([1] as [Float]), Tensor([-100000000.0] as [Float])],
      expected: [Tensor([0.33333334] as [Float])])
  }

  @Test func followsIEEEForInfinitiesAndNaN() throws {
    try checkOperator(
      Mean(), [Tensor([.infinity, .nan, .infinity] as [Float]), Tensor([-.infinity, 1, 1] as [Float])],
      expected: [Tensor([.nan, .nan, .infinity] as [Float])])
  }

  @Test func keepsEmptyTensors() throws {
    try checkOperator(
      Mean(), [Tensor([] as [Float], shape: [0, 2]), Tensor([1, 2] as [Float])],
      expected: [Tensor([] as [Float], shape: [0, 2])])
  }

  @Test func refusesNoneAndIntegers() {
    #expect(throws: ShapeError.self) { try Mean().outputs([]) }
    #expect(throws: ShapeError.self) { try Mean().outputs([Fact(.int32, [1])]) }
  }
}
