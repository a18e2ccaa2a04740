import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ExpTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Exp(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor(
          [
            0, 2.0611537e-09, 0.082085, 0.36787945, 0.60653067, 1, 1.2840254, 1.6487212, 2.7182817, 20.085537,
            .infinity, .infinity, .nan,
          ] as [Float])
      ])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Exp(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(0.082085))])
    try checkOperator(
      Exp(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Exp(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [
        Tensor(
          [
            0, 2.061153622438558e-09, 0.0820849986238988, 0.36787944117144233, 0.6065306597126334, 1,
            1.2840254166877414, 1.6487212707001282, 2.718281828459045, 20.085536923187668,
            2.6881171418161356e+43, .infinity, .nan,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Exp().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Exp().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind { try importNode(Exp.self, opset: 13, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }
}
