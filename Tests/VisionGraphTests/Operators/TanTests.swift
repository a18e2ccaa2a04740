import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct TanTests {
  @Test func givesGoldenValues() throws {
    let x = [-20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double]
    let y =
      [
        -2.2371609442247422, 0.74702229723866032, -1.5574077246549023, -0.54630248984379048, 0,
        0.25534192122103627, 0.54630248984379048, 1.5574077246549023, -0.1425465430742778,
        -0.58721391515692911, .nan, .nan,
      ] as [Double]
    try checkOperator(Tan(), [Tensor(x)], expected: [Tensor(y)], tolerance: 1e-15)
    try checkOperator(Tan(), [Tensor(x.map { Float($0) })], expected: [Tensor(y.map { Float($0) })])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(
      Tan(), [Tensor(scalar: Float(1))], expected: [Tensor(scalar: Float(1.5574077246549023))])
    try checkOperator(
      Tan(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try Tan().outputs([Fact(.int32, [2])]) }
    #expect(throws: ShapeError.self) { try Tan().outputs([]) }
    #expect(
      graphErrorKind { try importNode(Tan.self, opset: 9, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }
}
