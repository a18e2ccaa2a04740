import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct EluTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Elu(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor(
          [-1, -1, -0.917915, -0.63212055, -0.39346933, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])
      ])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Elu(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(-0.917915))])
    try checkOperator(
      Elu(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Elu(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [
        Tensor(
          [
            -1, -0.9999999979388464, -0.9179150013761013, -0.6321205588285577, -0.3934693402873666, 0, 0.25,
            0.5, 1, 3, 100, .infinity, .nan,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Elu().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Elu().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind { try importNode(Elu.self, opset: 6, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }

  @Test func usesItsAttributes() throws {
    try checkOperator(
      Elu(alpha: 2),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor(
          [-2, -2, -1.83583, -1.2642411, -0.78693867, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])
      ])
  }

  @Test func readsItsAttributes() throws {
    #expect(
      try importNode(Elu.self, opset: 6, [Tensor([-1, 2] as [Float])], ["alpha": .float(2)]) == [
        try Elu(alpha: 2).evaluate([Tensor([-1, 2] as [Float])])[0]
      ])
  }

  @Test func refusesAnAttributeOfTheWrongType() {
    #expect(
      graphErrorKind {
        try importNode(Elu.self, opset: 6, [Tensor([1] as [Float])], ["alpha": .string("one")])
      } == .structure)
  }
}
