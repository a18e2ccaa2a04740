import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct LogTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Log(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor(
          [
            .nan, .nan, .nan, .nan, .nan, -.infinity, -1.3862944, -0.6931472, 0, 1.0986123, 4.6051702,
            .infinity, .nan,
          ] as [Float])
      ])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Log(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float.nan)])
    try checkOperator(
      Log(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Log(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [
        Tensor(
          [
            .nan, .nan, .nan, .nan, .nan, -.infinity, -1.3862943611198906, -0.6931471805599453, 0,
            1.0986122886681098, 4.605170185988092, .infinity, .nan,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Log().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Log().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind { try importNode(Log.self, opset: 13, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }
}
