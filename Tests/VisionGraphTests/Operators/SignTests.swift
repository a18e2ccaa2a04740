import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct SignTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Sign(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [Tensor([-1, -1, -1, -1, -1, 0, 1, 1, 1, 1, 1, 1, .nan] as [Float])])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    try checkOperator(Sign(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(-1))])
    try checkOperator(
      Sign(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Sign(),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Double])],
      expected: [Tensor([-1, -1, -1, -1, -1, 0, 1, 1, 1, 1, 1, 1, .nan] as [Double])], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Sign().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Sign().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind { try importNode(Sign.self, opset: 13, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }

  @Test func computesIntegersExactly() throws {
    try checkOperator(
      Sign(), [Tensor([-128, -5, 0, 7, 127] as [Int8])], expected: [Tensor([-1, -1, 0, 1, 1] as [Int8])])
    try checkOperator(
      Sign(), [Tensor([-9223372036854775808, -5, 0, 7, 9223372036854775807] as [Int64])],
      expected: [Tensor([-1, -1, 0, 1, 1] as [Int64])])
    try checkOperator(Sign(), [Tensor([0, 7, 255] as [UInt8])], expected: [Tensor([0, 1, 1] as [UInt8])])
    try checkOperator(
      Sign(), [Tensor([0, 7, 18446744073709551615] as [UInt64])], expected: [Tensor([0, 1, 1] as [UInt64])])
  }
}
