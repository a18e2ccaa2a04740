import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct TanhTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Tanh(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor(
          [
            -1, -1, -0.9866143, -0.7615942, -0.46211717, 0, 0.24491866, 0.46211717, 0.7615942, 0.9950548, 1,
            1, .nan,
          ] as [Float])
      ])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Tanh(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(-0.9866143))])
    try checkOperator(
      Tanh(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Tanh(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [
        Tensor(
          [
            -1, -1, -0.9866142981514303, -0.7615941559557649, -0.46211715726000974, 0, 0.24491866240370913,
            0.46211715726000974, 0.7615941559557649, 0.9950547536867305, 1, 1, .nan,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Tanh().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Tanh().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind { try importNode(Tanh.self, opset: 13, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }
}
