import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct SigmoidTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Sigmoid(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor(
          [
            0, 2.0611537e-09, 0.07585818, 0.26894143, 0.37754068, 0.5, 0.5621765, 0.62245935, 0.7310586,
            0.95257413, 1, 1, 0,
          ] as [Float])
      ])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Sigmoid(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(0.07585818))])
    try checkOperator(
      Sigmoid(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Sigmoid(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [
        Tensor(
          [
            0, 2.0611536181902037e-09, 0.07585818002124355, 0.2689414213699951, 0.3775406687981454, 0.5,
            0.5621765008857981, 0.6224593312018546, 0.7310585786300049, 0.9525741268224334, 1, 1, 0,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Sigmoid().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Sigmoid().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind {
        try importNode(Sigmoid.self, opset: 13, [Tensor([1] as [Float])], ["strange": .int(1)])
      } == .unsupportedFeature)
  }
}
