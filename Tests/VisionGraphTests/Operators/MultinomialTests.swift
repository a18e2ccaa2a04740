import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct MultinomialTests {
  @Test func drawsClassesByTheirProbabilities() throws {
    // The logarithms of 1, 2 and 5 eighths, each with a summand of its own row.
    let logits = Tensor(
      [0, 0.6931471806, 1.6094379124, 1000, 1000.6931471806, 1001.6094379124] as [Double], shape: [2, 3])
    let samples = try Multinomial(sampleSize: 10000, type: .int64, seed: 5).evaluate([logits])[0]
    #expect(samples.shape == [2, 10000] && samples.elementType == .int64)
    for row in 0..<2 {
      for (index, share) in [0.125, 0.25, 0.625].enumerated() {
        let count = samples.integers[(row * 10000)..<((row + 1) * 10000)].count { $0 == index }
        #expect(abs(Double(count) / 10000 - share) < 0.015)
      }
    }
  }

  @Test func neverDrawsWhatIsImpossible() throws {
    try checkOperator(
      Multinomial(sampleSize: 4),
      [Tensor([-.infinity, 0, -.infinity, -.infinity, -.infinity, 3] as [Float], shape: [2, 3])],
      expected: [Tensor([1, 1, 1, 1, 2, 2, 2, 2] as [Int32], shape: [2, 4])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try Multinomial().outputs([Fact(.float32, [2])]) }
    #expect(throws: ShapeError.self) { try Multinomial().outputs([Fact(.float32, [2, 0])]) }
    #expect(throws: ShapeError.self) { try Multinomial(sampleSize: 0).outputs([Fact(.float32, [2, 3])]) }
    #expect(throws: EvaluationError.self) {
      try Multinomial().evaluate([Tensor([0, .nan] as [Float], shape: [1, 2])])
    }
    #expect(throws: EvaluationError.self) {
      try Multinomial().evaluate([Tensor([-.infinity, -.infinity] as [Float], shape: [1, 2])])
    }
  }
}
