import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct AsinTests {
  @Test func givesGoldenValues() throws {
    let x = [-1.5, -1, -0.75, -0.5, 0, 0.25, 0.5, 1, 2, .nan] as [Double]
    let y =
      [
        .nan, -1.5707963267948966, -0.848062078981481, -0.52359877559829893, 0, 0.25268025514207865,
        0.52359877559829893, 1.5707963267948966, .nan, .nan,
      ] as [Double]
    try checkOperator(Asin(), [Tensor(x)], expected: [Tensor(y)], tolerance: 1e-15)
    try checkOperator(Asin(), [Tensor(x.map { Float($0) })], expected: [Tensor(y.map { Float($0) })])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(
      Asin(), [Tensor(scalar: Float(1))], expected: [Tensor(scalar: Float(1.5707963267948966))])
    try checkOperator(
      Asin(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try Asin().outputs([Fact(.int32, [2])]) }
    #expect(throws: ShapeError.self) { try Asin().outputs([]) }
    #expect(
      graphErrorKind { try importNode(Asin.self, opset: 9, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }
}
