import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct SwishTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Swish(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor(
          [
            0, -4.122307e-08, -0.18964545, -0.26894143, -0.18877034, 0, 0.14054413, 0.31122968, 0.7310586,
            2.8577223, 100, .infinity, .nan,
          ] as [Float])
      ])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Swish(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(-0.18964545))])
    try checkOperator(
      Swish(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Swish(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [
        Tensor(
          [
            0, -4.122307236380407e-08, -0.18964545005310887, -0.2689414213699951, -0.1887703343990727, 0,
            0.14054412522144952, 0.3112296656009273, 0.7310585786300049, 2.8577223804673, 100, .infinity,
            .nan,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Swish().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Swish().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind { try importNode(Swish.self, opset: 24, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }

  @Test func usesItsAttributes() throws {
    try checkOperator(
      Swish(alpha: 2),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor(
          [
            0, -8.4967086e-17, -0.016732126, -0.11920292, -0.13447072, 0, 0.15561484, 0.3655293, 0.8807971,
            2.992582, 100, .infinity, .nan,
          ] as [Float])
      ])
  }

  @Test func readsItsAttributes() throws {
    #expect(
      try importNode(Swish.self, opset: 24, [Tensor([-1, 2] as [Float])], ["alpha": .float(2)]) == [
        try Swish(alpha: 2).evaluate([Tensor([-1, 2] as [Float])])[0]
      ])
  }

  @Test func refusesAnAttributeOfTheWrongType() {
    #expect(
      graphErrorKind {
        try importNode(Swish.self, opset: 24, [Tensor([1] as [Float])], ["alpha": .string("one")])
      } == .structure)
  }
}
