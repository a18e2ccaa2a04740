import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct SinhTests {
  @Test func givesGoldenValues() throws {
    let x = [-.infinity, -20, -2.5, -1, 0, 0.25, 0.5, 3, 50, .infinity, .nan] as [Double]
    let y =
      [
        -.infinity, -242582597.70489514, -6.0502044810397875, -1.1752011936438014, 0, 0.25261231680816831,
        0.52109530549374738, 10.017874927409903, 2.592352764293536e+21, .infinity, .nan,
      ] as [Double]
    try checkOperator(Sinh(), [Tensor(x)], expected: [Tensor(y)], tolerance: 1e-15)
    try checkOperator(Sinh(), [Tensor(x.map { Float($0) })], expected: [Tensor(y.map { Float($0) })])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(
      Sinh(), [Tensor(scalar: Float(1))], expected: [Tensor(scalar: Float(1.1752011936438014))])
    try checkOperator(
      Sinh(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try Sinh().outputs([Fact(.int32, [2])]) }
    #expect(throws: ShapeError.self) { try Sinh().outputs([]) }
    #expect(
      graphErrorKind { try importNode(Sinh.self, opset: 9, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }
}
