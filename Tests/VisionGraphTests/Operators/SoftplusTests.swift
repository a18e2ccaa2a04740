import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct SoftplusTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Softplus(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor(
          [
            0, 2.0611537e-09, 0.078889735, 0.3132617, 0.474077, 0.6931472, 0.8259394, 0.974077, 1.3132616,
            3.0485873, 100, .infinity, .nan,
          ] as [Float])
      ])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(
      Softplus(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(0.078889735))])
    try checkOperator(
      Softplus(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Softplus(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [
        Tensor(
          [
            0, 2.061153620314381e-09, 0.07888973429254963, 0.31326168751822286, 0.4740769841801067,
            0.6931471805599453, 0.8259394198788436, 0.9740769841801067, 1.3132616875182228, 3.048587351573742,
            100, .infinity, .nan,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Softplus().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Softplus().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind {
        try importNode(Softplus.self, opset: 1, [Tensor([1] as [Float])], ["strange": .int(1)])
      } == .unsupportedFeature)
  }
}
