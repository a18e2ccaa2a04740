import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct RandomNormalLikeTests {
  @Test func givesTheNumbersOfItsSeed() throws {
    let x = pattern([3, 5])
    try checkOperator(
      RandomNormalLike(mean: 3, scale: 0.5, seed: 7), [x],
      expected: RandomNormal([3, 5], mean: 3, scale: 0.5, seed: 7).evaluate([]))
    try checkOperator(
      RandomNormalLike(type: .float64, mean: 3, scale: 0.5, seed: 7), [Tensor([1, 2] as [Int32])],
      expected: RandomNormal([2], type: .float64, mean: 3, scale: 0.5, seed: 7).evaluate([]))
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try RandomNormalLike().outputs([Fact(.int32, [2])]) }
    #expect(throws: ShapeError.self) { try RandomNormalLike().outputs([]) }
  }
}
