import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct AtanTests {
  @Test func givesGoldenValues() throws {
    let x = [-.infinity, -20, -2.5, -1, 0, 0.25, 0.5, 3, 100, .infinity, .nan] as [Double]
    let y =
      [
        -1.5707963267948966, -1.5208379310729538, -1.1902899496825317, -0.78539816339744828, 0,
        0.24497866312686414, 0.46364760900080609, 1.2490457723982544, 1.5607966601082315, 1.5707963267948966,
        .nan,
      ] as [Double]
    try checkOperator(Atan(), [Tensor(x)], expected: [Tensor(y)], tolerance: 1e-15)
    try checkOperator(Atan(), [Tensor(x.map { Float($0) })], expected: [Tensor(y.map { Float($0) })])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(
      Atan(), [Tensor(scalar: Float(1))], expected: [Tensor(scalar: Float(0.78539816339744828))])
    try checkOperator(
      Atan(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try Atan().outputs([Fact(.int32, [2])]) }
    #expect(throws: ShapeError.self) { try Atan().outputs([]) }
    #expect(
      graphErrorKind { try importNode(Atan.self, opset: 9, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }
}
