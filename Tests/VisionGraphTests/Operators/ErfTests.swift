import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ErfTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Erf(),
      [
        Tensor(
          [-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan, 1e-08, -3, 5] as [Float]
        )
      ],
      expected: [
        Tensor(
          [
            -1, -1, -0.999593, -0.8427008, -0.5204999, 0, 0.2763264, 0.5204999, 0.8427008, 0.9999779, 1, 1,
            .nan, 1.1283792e-08, -0.9999779, 1,
          ] as [Float])
      ])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Erf(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(-0.999593))])
    try checkOperator(
      Erf(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Erf(),
      [
        Tensor(
          [
            -.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan, 9.99999993922529e-09,
            -3, 5,
          ] as [Double])
      ],
      expected: [
        Tensor(
          [
            -1, -1, -0.999593047982555, -0.8427007929497149, -0.5204998778130465, 0, 0.2763263901682369,
            0.5204998778130465, 0.8427007929497149, 0.9999779095030014, 1, 1, .nan, 1.1283791602378209e-08,
            -0.9999779095030014, 0.9999999999984626,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Erf().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Erf().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind { try importNode(Erf.self, opset: 13, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }

  @Test func truncatesIntegers() throws {
    try checkOperator(
      Erf(), [Tensor([-9, -1, 0, 1, 9] as [Int32])], expected: [Tensor([-1, 0, 0, 0, 1] as [Int32])])
  }
}
