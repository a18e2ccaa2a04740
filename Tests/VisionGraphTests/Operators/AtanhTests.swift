import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct AtanhTests {
  @Test func givesGoldenValues() throws {
    let x = [-1.5, -1, -0.75, -0.5, 0, 0.25, 0.5, 0.875, 1, 2, .nan] as [Double]
    let y =
      [
        .nan, -.infinity, -0.97295507452765662, -0.54930614433405489, 0, 0.25541281188299536,
        0.54930614433405489, 1.354025100551105, .infinity, .nan, .nan,
      ] as [Double]
    try checkOperator(Atanh(), [Tensor(x)], expected: [Tensor(y)], tolerance: 1e-15)
    try checkOperator(Atanh(), [Tensor(x.map { Float($0) })], expected: [Tensor(y.map { Float($0) })])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Atanh(), [Tensor(scalar: Float(1))], expected: [Tensor(scalar: Float.infinity)])
    try checkOperator(
      Atanh(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try Atanh().outputs([Fact(.int32, [2])]) }
    #expect(throws: ShapeError.self) { try Atanh().outputs([]) }
    #expect(
      graphErrorKind { try importNode(Atanh.self, opset: 9, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }
}
