import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ReciprocalTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Reciprocal(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [Tensor([-0, -0.05, -0.4, -1, -2, .infinity, 4, 2, 1, 0.33333334, 0.01, 0, .nan] as [Float])])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Reciprocal(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(-0.4))])
    try checkOperator(
      Reciprocal(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Reciprocal(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [
        Tensor(
          [-0.0, -0.05, -0.4, -1, -2, .infinity, 4, 2, 1, 0.3333333333333333, 0.01, 0, .nan] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Reciprocal().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Reciprocal().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind {
        try importNode(Reciprocal.self, opset: 13, [Tensor([1] as [Float])], ["strange": .int(1)])
      } == .unsupportedFeature)
  }
}
