import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ReluTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Relu(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [Tensor([0, 0, 0, 0, 0, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Relu(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(0))])
    try checkOperator(
      Relu(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Relu(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [Tensor([0, 0, 0, 0, 0, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Relu().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Relu().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind { try importNode(Relu.self, opset: 14, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }

  @Test func computesIntegersExactly() throws {
    try checkOperator(
      Relu(), [Tensor([-128, -5, 0, 7, 127] as [Int8])], expected: [Tensor([0, 0, 0, 7, 127] as [Int8])])
    try checkOperator(
      Relu(), [Tensor([-9223372036854775808, -5, 0, 7, 9223372036854775807] as [Int64])],
      expected: [Tensor([0, 0, 0, 7, 9223372036854775807] as [Int64])])
  }
}
