import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct SeluTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Selu(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor(
          [
            -1.7580993, -1.7580993, -1.6137857, -1.1113307, -0.6917582, 0, 0.26267526, 0.5253505, 1.050701,
            3.152103, 105.0701, .infinity, .nan,
          ] as [Float])
      ])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Selu(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(-1.6137857))])
    try checkOperator(
      Selu(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Selu(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [
        Tensor(
          [
            -1.7580993463430303, -1.7580993427193177, -1.6137857639177855, -1.1113307412864784,
            -0.6917581899652426, 0, 0.2626752555370331, 0.5253505110740662, 1.0507010221481323,
            3.152103066444397, 105.07010221481323, .infinity, .nan,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Selu().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Selu().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind { try importNode(Selu.self, opset: 6, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }

  @Test func usesItsAttributes() throws {
    try checkOperator(
      Selu(alpha: 2, gamma: 3),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor(
          [-6, -6, -5.50749, -3.7927234, -2.360816, 0, 0.75, 1.5, 3, 9, 300, .infinity, .nan] as [Float])
      ])
  }

  @Test func readsItsAttributes() throws {
    #expect(
      try importNode(
        Selu.self, opset: 6, [Tensor([-1, 2] as [Float])], ["alpha": .float(2), "gamma": .float(3)]) == [
          try Selu(alpha: 2, gamma: 3).evaluate([Tensor([-1, 2] as [Float])])[0]
        ])
  }

  @Test func refusesAnAttributeOfTheWrongType() {
    #expect(
      graphErrorKind {
        try importNode(Selu.self, opset: 6, [Tensor([1] as [Float])], ["alpha": .string("one")])
      } == .structure)
  }
}
