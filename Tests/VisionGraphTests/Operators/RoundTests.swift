import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct RoundTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Round(),
      [Tensor([-.infinity, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.9, -1.2, .nan, .infinity] as [Float])],
      expected: [Tensor([-.infinity, -2, -2, 0, 0, 2, 2, 1, -1, .nan, .infinity] as [Float])])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Round(), [Tensor(scalar: Float(-1.5))], expected: [Tensor(scalar: Float(-2))])
    try checkOperator(
      Round(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Round(),
      [
        Tensor(
          [
            -.infinity, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.8999999761581421, -1.2000000476837158, .nan,
            .infinity,
          ] as [Double])
      ], expected: [Tensor([-.infinity, -2, -2, 0, 0, 2, 2, 1, -1, .nan, .infinity] as [Double])],
      tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Round().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Round().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind { try importNode(Round.self, opset: 11, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }
}
