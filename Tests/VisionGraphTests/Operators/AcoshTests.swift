import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct AcoshTests {
  @Test func givesGoldenValues() throws {
    let x = [-1, 0.5, 1, 1.25, 1.5, 3, 20, 100, .infinity, .nan] as [Double]
    let y =
      [
        .nan, .nan, 0, 0.69314718055994529, 0.96242365011920694, 1.7627471740390861, 3.6882538673612966,
        5.298292365610485, .infinity, .nan,
      ] as [Double]
    try checkOperator(Acosh(), [Tensor(x)], expected: [Tensor(y)], tolerance: 1e-15)
    try checkOperator(Acosh(), [Tensor(x.map { Float($0) })], expected: [Tensor(y.map { Float($0) })])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Acosh(), [Tensor(scalar: Float(1))], expected: [Tensor(scalar: Float(0))])
    try checkOperator(
      Acosh(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func refusesWhatDoesNotFit() {
    #expect(throws: ShapeError.self) { try Acosh().outputs([Fact(.int32, [2])]) }
    #expect(throws: ShapeError.self) { try Acosh().outputs([]) }
    #expect(
      graphErrorKind { try importNode(Acosh.self, opset: 9, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }
}
