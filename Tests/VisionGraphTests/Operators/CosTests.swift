import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct CosTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Cos(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor(
          [
            .nan, 0.40808207, -0.8011436, 0.5403023, 0.87758255, 1, 0.9689124, 0.87758255, 0.5403023,
            -0.9899925, 0.8623189, .nan, .nan,
          ] as [Float])
      ])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Cos(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(-0.8011436))])
    try checkOperator(
      Cos(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Cos(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [
        Tensor(
          [
            .nan, 0.40808206181339196, -0.8011436155469337, 0.5403023058681398, 0.8775825618903728, 1,
            0.9689124217106447, 0.8775825618903728, 0.5403023058681398, -0.9899924966004454,
            0.8623188722876839, .nan, .nan,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Cos().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Cos().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind { try importNode(Cos.self, opset: 7, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }
}
