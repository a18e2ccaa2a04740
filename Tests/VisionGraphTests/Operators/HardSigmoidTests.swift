import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct HardSigmoidTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      HardSigmoid(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [Tensor([0, 0, 0, 0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 1, 1, 1, .nan] as [Float])])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(HardSigmoid(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(0))])
    try checkOperator(
      HardSigmoid(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      HardSigmoid(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [
        Tensor(
          [
            0, 0, 0, 0.29999999701976776, 0.3999999985098839, 0.5, 0.5500000007450581, 0.6000000014901161,
            0.7000000029802322, 1, 1, 1, .nan,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try HardSigmoid().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try HardSigmoid().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind {
        try importNode(HardSigmoid.self, opset: 6, [Tensor([1] as [Float])], ["strange": .int(1)])
      } == .unsupportedFeature)
  }

  @Test func usesItsAttributes() throws {
    try checkOperator(
      HardSigmoid(alpha: 0.5, beta: 0.25),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [Tensor([0, 0, 0, 0, 0, 0.25, 0.375, 0.5, 0.75, 1, 1, 1, .nan] as [Float])])
  }

  @Test func readsItsAttributes() throws {
    #expect(
      try importNode(
        HardSigmoid.self, opset: 6, [Tensor([-1, 2] as [Float])],
        ["alpha": .float(0.5), "beta": .float(0.25)]) == [
          try HardSigmoid(alpha: 0.5, beta: 0.25).evaluate([Tensor([-1, 2] as [Float])])[0]
        ])
  }

  @Test func refusesAnAttributeOfTheWrongType() {
    #expect(
      graphErrorKind {
        try importNode(HardSigmoid.self, opset: 6, [Tensor([1] as [Float])], ["alpha": .string("one")])
      } == .structure)
  }
}
