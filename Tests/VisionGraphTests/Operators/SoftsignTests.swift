import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct SoftsignTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Softsign(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor(
          [
            .nan, -0.95238096, -0.71428573, -0.5, -0.33333334, 0, 0.2, 0.33333334, 0.5, 0.75, 0.990099, .nan,
            .nan,
          ] as [Float])
      ])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(
      Softsign(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(-0.71428573))])
    try checkOperator(
      Softsign(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Softsign(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [
        Tensor(
          [
            .nan, -0.9523809523809523, -0.7142857142857143, -0.5, -0.3333333333333333, 0, 0.2,
            0.3333333333333333, 0.5, 0.75, 0.9900990099009901, .nan, .nan,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Softsign().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Softsign().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind {
        try importNode(Softsign.self, opset: 1, [Tensor([1] as [Float])], ["strange": .int(1)])
      } == .unsupportedFeature)
  }
}
