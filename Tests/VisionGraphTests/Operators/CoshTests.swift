import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct CoshTests {
  @Test func givesGoldenValues() throws {
    let x = [-.infinity, -20, -2.5, -1, 0, 0.25, 0.5, 3, 50, .infinity, .nan] as [Double]
    let y =
      [
        .infinity, 242582597.70489514, 6.1322894796636858, 1.5430806348152437, 1, 1.0314130998795732,
        1.1276259652063807, 10.067661995777765, 2.592352764293536e+21, .infinity, .nan,
      ] as [Double]
    try checkOperator(Cosh(), [Tensor(x)], expected: [Tensor(y)], tolerance: 1e-15)
    try checkOperator(Cosh(), [Tensor(x.map { Float($0) })], expected: [Tensor(y.map { Float($0) })])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(
      Cosh(), [Tensor(scalar: Float(1))], expected: [Tensor(scalar: Float(1.5430806348152437))])
    try checkOperator(
      Cosh(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try Cosh().outputs([Fact(.int32, [2])]) }
    #expect(throws: ShapeError.self) { try Cosh().outputs([]) }
    #expect(
      graphErrorKind { try importNode(Cosh.self, opset: 9, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }
}
