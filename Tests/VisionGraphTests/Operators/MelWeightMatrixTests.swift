import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct MelWeightMatrixTests {
  private func inputs(bands: Int64, length: Int64, rate: Int64, low: Float, high: Float) -> [Tensor] {
    [bands, length, rate].map { Tensor(scalar: $0) } + [low, high].map { Tensor(scalar: $0) }
  }

  /// Golden values are those of the reference of ONNX 1.19.
  @Test func givesGoldenValues() throws {
    try checkOperator(
      MelWeightMatrix(), inputs(bands: 5, length: 24, rate: 8192, low: 0, high: 4096),
      constants: [0, 1, 2, 3, 4],
      expected: [
        golden(
          [13, 5],
          """
          1 0 0 0 0 0 1 0 0 0 0 0 1 0 0 0 0 0.5 0.5 0 0 0 0 1 0 0 0 0 0.5 0.5 0 0 0 0 1 0 0 0 0 0.5
          0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
          """)
      ])
  }

  @Test func refusesWhatDoesNotFit() {
    let facts = inputs(bands: 5, length: 24, rate: 8192, low: 0, high: 4096).map { Fact(constant: $0) }
    for index in 0..<3 {
      var changed = facts
      changed[index] = Fact(constant: Tensor(scalar: Int64(0)))
      #expect(throws: ShapeError.self) { try MelWeightMatrix().outputs(changed) }
      changed[index] = Fact(.int64, [])
      #expect(throws: ShapeError.self) { try MelWeightMatrix().outputs(changed) }
    }
    #expect(throws: EvaluationError.self) {
      try MelWeightMatrix().evaluate(inputs(bands: 5, length: 24, rate: 8192, low: 0, high: 9000))
    }
    #expect(throws: EvaluationError.self) {
      try MelWeightMatrix().evaluate(inputs(bands: 5, length: 24, rate: 8192, low: .nan, high: 9000))
    }
  }
}
