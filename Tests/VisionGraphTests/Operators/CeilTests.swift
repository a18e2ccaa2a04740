import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct CeilTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Ceil(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [Tensor([-.infinity, -20, -2, -1, 0, 0, 1, 1, 1, 3, 100, .infinity, .nan] as [Float])])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Ceil(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(-2))])
    try checkOperator(
      Ceil(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Ceil(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [Tensor([-.infinity, -20, -2, -1, 0, 0, 1, 1, 1, 3, 100, .infinity, .nan] as [Double])],
      tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Ceil().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Ceil().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind { try importNode(Ceil.self, opset: 13, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }
}
