import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct SqrtTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Sqrt(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor(
          [.nan, .nan, .nan, .nan, .nan, 0, 0.5, 0.70710677, 1, 1.7320508, 10, .infinity, .nan] as [Float])
      ])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Sqrt(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float.nan)])
    try checkOperator(
      Sqrt(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Sqrt(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [
        Tensor(
          [
            .nan, .nan, .nan, .nan, .nan, 0, 0.5, 0.7071067811865476, 1, 1.7320508075688772, 10, .infinity,
            .nan,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Sqrt().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Sqrt().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind { try importNode(Sqrt.self, opset: 13, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }
}
