import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct MishTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Mish(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor(
          [
            .nan, -4.122307e-08, -0.1968162, -0.30340147, -0.22074378, 0, 0.16957241, 0.3752452, 0.8650984,
            2.986535, 100, .infinity, .nan,
          ] as [Float])
      ])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Mish(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(-0.1968162))])
    try checkOperator(
      Mish(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Mish(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [
        Tensor(
          [
            .nan, -4.122307240628762e-08, -0.19681620390653337, -0.30340146137410895, -0.22074377465173, 0,
            0.1695724096638176, 0.3752452113048951, 0.8650983882673103, 2.9865350049679575, 100, .infinity,
            .nan,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Mish().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Mish().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind { try importNode(Mish.self, opset: 18, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }
}
