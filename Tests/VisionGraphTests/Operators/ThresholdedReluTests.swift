import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ThresholdedReluTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      ThresholdedRelu(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [Tensor([0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 100, .infinity, .nan] as [Float])])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(ThresholdedRelu(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(0))])
    try checkOperator(
      ThresholdedRelu(), [Tensor([] as [Float], shape: [0, 3])],
      expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      ThresholdedRelu(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [Tensor([0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 100, .infinity, .nan] as [Double])], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try ThresholdedRelu().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try ThresholdedRelu().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind {
        try importNode(ThresholdedRelu.self, opset: 10, [Tensor([1] as [Float])], ["strange": .int(1)])
      } == .unsupportedFeature)
  }

  @Test func usesItsAttributes() throws {
    try checkOperator(
      ThresholdedRelu(alpha: 2),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [Tensor([0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 100, .infinity, .nan] as [Float])])
  }

  @Test func readsItsAttributes() throws {
    #expect(
      try importNode(ThresholdedRelu.self, opset: 10, [Tensor([-1, 2] as [Float])], ["alpha": .float(2)]) == [
        try ThresholdedRelu(alpha: 2).evaluate([Tensor([-1, 2] as [Float])])[0]
      ])
  }

  @Test func refusesAnAttributeOfTheWrongType() {
    #expect(
      graphErrorKind {
        try importNode(ThresholdedRelu.self, opset: 10, [Tensor([1] as [Float])], ["alpha": .string("one")])
      } == .structure)
  }
}
