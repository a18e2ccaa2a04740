import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct RandomUniformLikeTests {
  @Test func givesTheNumbersOfItsSeed() throws {
    let x = pattern([3, 5])
    try checkOperator(
      RandomUniformLike(low: 2, high: 4, seed: 7), [x],
      expected: RandomUniform([3, 5], low: 2, high: 4, seed: 7).evaluate([]))
    try checkOperator(
      RandomUniformLike(type: .float64, low: 2, high: 4, seed: 7), [Tensor([1, 2] as [Int32])],
      expected: RandomUniform([2], type: .float64, low: 2, high: 4, seed: 7).evaluate([]))
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try RandomUniformLike().outputs([Fact(.int32, [2])]) }
    #expect(throws: ShapeError.self) { try RandomUniformLike().outputs([]) }
  }
}
