import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct SinTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Sin(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor(
          [
            .nan, -0.9129453, -0.5984721, -0.84147096, -0.47942555, 0, 0.24740396, 0.47942555, 0.84147096,
            0.14112, -0.50636566, .nan, .nan,
          ] as [Float])
      ])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Sin(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(-0.5984721))])
    try checkOperator(
      Sin(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Sin(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [
        Tensor(
          [
            .nan, -0.9129452507276277, -0.5984721441039565, -0.8414709848078965, -0.479425538604203, 0,
            0.24740395925452294, 0.479425538604203, 0.8414709848078965, 0.1411200080598672,
            -0.5063656411097588, .nan, .nan,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Sin().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Sin().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind { try importNode(Sin.self, opset: 7, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }
}
