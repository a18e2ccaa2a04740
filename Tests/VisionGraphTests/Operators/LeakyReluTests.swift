import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct LeakyReluTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      LeakyRelu(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor(
          [-.infinity, -0.19999999, -0.024999999, -0.01, -0.005, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan]
            as [Float])
      ])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(
      LeakyRelu(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(-0.024999999))])
    try checkOperator(
      LeakyRelu(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      LeakyRelu(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [
        Tensor(
          [
            -.infinity, -0.19999999552965164, -0.024999999441206455, -0.009999999776482582,
            -0.004999999888241291, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try LeakyRelu().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try LeakyRelu().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind {
        try importNode(LeakyRelu.self, opset: 16, [Tensor([1] as [Float])], ["strange": .int(1)])
      } == .unsupportedFeature)
  }

  @Test func usesItsAttributes() throws {
    try checkOperator(
      LeakyRelu(alpha: 0.3),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor([-.infinity, -6, -0.75, -0.3, -0.15, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])
      ])
  }

  @Test func readsItsAttributes() throws {
    #expect(
      try importNode(LeakyRelu.self, opset: 16, [Tensor([-1, 2] as [Float])], ["alpha": .float(0.3)]) == [
        try LeakyRelu(alpha: 0.3).evaluate([Tensor([-1, 2] as [Float])])[0]
      ])
  }

  @Test func refusesAnAttributeOfTheWrongType() {
    #expect(
      graphErrorKind {
        try importNode(LeakyRelu.self, opset: 16, [Tensor([1] as [Float])], ["alpha": .string("one")])
      } == .structure)
  }
}
