import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct AcosTests {
  @Test func givesGoldenValues() throws {
    let x = [-1.5, -1, -0.75, -0.5, 0, 0.25, 0.5, 1, 2, .nan] as [Double]
    let y =
      [
        .nan, 3.1415926535897931, 2.4188584057763776, 2.0943951023931957, 1.5707963267948966,
        1.318116071652818, 1.0471975511965976, 0, .nan, .nan,
      ] as [Double]
    try checkOperator(Acos(), [Tensor(x)], expected: [Tensor(y)], tolerance: 1e-15)
    try checkOperator(Acos(), [Tensor(x.map { Float($0) })], expected: [Tensor(y.map { Float($0) })])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Acos(), [Tensor(scalar: Float(1))], expected: [Tensor(scalar: Float(0))])
    try checkOperator(
      Acos(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try Acos().outputs([Fact(.int32, [2])]) }
    #expect(throws: ShapeError.self) { try Acos().outputs([]) }
    #expect(
      graphErrorKind { try importNode(Acos.self, opset: 9, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }
}
