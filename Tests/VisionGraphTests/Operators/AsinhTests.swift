import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct AsinhTests {
  @Test func givesGoldenValues() throws {
    let x = [-.infinity, -20, -2.5, -1, 0, 0.25, 0.5, 3, 100, .infinity, .nan] as [Double]
    let y =
      [
        -.infinity, -3.6895038689889055, -1.6472311463710958, -0.88137358701954305, 0, 0.24746646154726346,
        0.48121182505960347, 1.8184464592320668, 5.2983423656105888, .infinity, .nan,
      ] as [Double]
    try checkOperator(Asinh(), [Tensor(x)], expected: [Tensor(y)], tolerance: 1e-15)
    try checkOperator(Asinh(), [Tensor(x.map { Float($0) })], expected: [Tensor(y.map { Float($0) })])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(
      Asinh(), [Tensor(scalar: Float(1))], expected: [Tensor(scalar: Float(0.88137358701954305))])
    try checkOperator(
      Asinh(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try Asinh().outputs([Fact(.int32, [2])]) }
    #expect(throws: ShapeError.self) { try Asinh().outputs([]) }
    #expect(
      graphErrorKind { try importNode(Asinh.self, opset: 9, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }
}
