import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct BernoulliTests {
  @Test func drawsWithTheGivenProbabilities() throws {
    let ones = try Bernoulli(seed: 3).evaluate([Tensor(repeating: Float(0.25), shape: [20000])])[0].floats
    #expect(ones.allSatisfy { $0 == 0 || $0 == 1 })
    #expect(abs(ones.reduce(0, +) / 20000 - 0.25) < 0.01)
    try checkOperator(
      Bernoulli(seed: 3), [Tensor([0, 1, 0, 1] as [Float])], expected: [Tensor([0, 1, 0, 1] as [Float])])
    try checkOperator(
      Bernoulli(type: .bool), [Tensor([0, 1] as [Double])], expected: [Tensor([false, true])])
    try checkOperator(
      Bernoulli(type: .int32, seed: 9),
      [positivePattern([3, 4])].map { x in
        Tensor(doubles: x.doubles.map { $0 / 4 }, shape: x.shape, elementType: .float32)
      })
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try Bernoulli().outputs([Fact(.int32, [2])]) }
    for probability in [-0.1, 1.1, .nan] as [Float] {
      #expect(throws: EvaluationError.self) { try Bernoulli().evaluate([Tensor([probability])]) }
    }
  }
}
